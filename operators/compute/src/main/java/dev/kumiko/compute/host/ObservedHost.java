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
 * @param machines VirtualMachines that are placed on it
 * @param plight how bad things are with it
 * @param drain what there is to move away
 */
record ObservedHost(
    Optional<Hosts.Target> open,
    Optional<Link> link,
    Optional<Sight> sight,
    ObservedMachine machine,
    List<String> machines,
    Plight plight,
    Departure drain) {
  ObservedHost {
    machines = List.copyOf(machines);
  }

  /**
   * How far the host is from being empty.
   *
   * @param passengers machines on it; none unless it is to be emptied
   * @param waiting Migrations, made to empty it, that have not begun
   */
  record Departure(List<Passenger> passengers, List<String> waiting) {
    Departure {
      passengers = List.copyOf(passengers);
      waiting = List.copyOf(waiting);
    }
  }

  /**
   * What a connected host shows.
   *
   * @param guests domains of ours
   * @param foreign domains that are not ours
   * @param running those of either that are not off
   * @param isEquipped whether it was given keys for guests
   */
  record Sight(HostFacts facts, int guests, int foreign, int running, boolean isEquipped) {}

  /** Whether it holds what only guests need, and has none and will get none. */
  boolean isIdle() {
    return machines.isEmpty() && sight.filter(s -> s.isEquipped() && s.guests() == 0).isPresent();
  }
}
