package dev.kumiko.app.simulator;

import dev.kumiko.compute.placement.Rule;
import dev.kumiko.compute.verdict.Policy;
import dev.kumiko.v1alpha1.VirtualMachine.HostFailure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What there is when a case begins.
 *
 * @param hasPlugs whether hosts name power controllers
 */
record Setup(int hosts, List<Guest> guests, Policy policy, int spared, boolean hasPlugs) {
  Setup {
    guests = List.copyOf(guests);
  }

  /**
   * A machine.
   *
   * @param host that it runs on; empty: placement chooses
   * @param pool that its disk is in
   * @param near the group that it belongs to, and what it asks about the others of it
   */
  record Guest(
      String name,
      String host,
      String pool,
      int vcpus,
      HostFailure onHostFailure,
      int priority,
      Optional<Near> near) {
    static final String POOL = "fast";
    static final int VCPUS = 2;
    static final int PRIORITY = 500;

    static Guest on(String name, String host, String pool) {
      return new Guest(name, host, pool, VCPUS, HostFailure.Restart, PRIORITY, Optional.empty());
    }
  }

  /** The first is always there. */
  List<String> pools() {
    return Stream.concat(Stream.of(Guest.POOL), guests.stream().map(Guest::pool))
        .distinct()
        .toList();
  }

  /**
   * A machine's group.
   *
   * @param sort how it is to be placed beside the others; empty: it does not mind
   */
  record Near(String group, Optional<Rule.Sort> sort) {}
}
