package dev.kumiko.compute.host;

import dev.kumiko.compute.libvirt.HostFacts;
import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.libvirt.Link;
import java.util.Optional;

/**
 * What there is of a host.
 *
 * @param open what the connection was opened with; empty: it was not
 * @param link the state of the connection; empty when it was not opened
 * @param sight what can be seen through it; empty: unknown
 * @param machine which machine it is
 */
record ObservedHost(
    Optional<Hosts.Target> open,
    Optional<Link> link,
    Optional<Sight> sight,
    ObservedMachine machine) {
  /**
   * What a connected host shows.
   *
   * @param foreign domains that are not ours
   */
  record Sight(HostFacts facts, int guests, int foreign) {}
}
