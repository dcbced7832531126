package dev.kumiko.compute.host;

import dev.kumiko.compute.libvirt.HostFacts;
import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.libvirt.Link;
import java.util.List;
import java.util.Optional;

/**
 * What there is of a host.
 *
 * @param open what the connection was opened with; empty: it was not
 * @param link the state of the connection; empty when it was not opened
 * @param sight what can be seen through it; empty: unknown
 * @param machine which machine it is
 * @param machines VirtualMachines that are placed on it; asked only while it is to be gone
 */
record ObservedHost(
    Optional<Hosts.Target> open,
    Optional<Link> link,
    Optional<Sight> sight,
    ObservedMachine machine,
    List<String> machines) {
  ObservedHost {
    machines = List.copyOf(machines);
  }

  /**
   * What a connected host shows.
   *
   * @param foreign domains that are not ours
   */
  record Sight(HostFacts facts, int guests, int foreign) {}
}
