package dev.kumiko.network.port;

import dev.kumiko.network.claim.Holding;
import dev.kumiko.network.fabric.Binding;
import dev.kumiko.network.fabric.Chassis;
import dev.kumiko.network.fabric.FabricHealth;
import dev.kumiko.network.fabric.OwnedRows;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the API and the fabric have. */
record ObservedPort(AddressClaim address, MacClaim mac, OnFabric fabric) {

  /**
   * Who has the addresses.
   *
   * @param mine the one that is claimed for this port
   * @param taken all that are claimed, empty when {@code mine} is there
   * @param fixedBy who has the address that the user chose, when somebody else has
   */
  record AddressClaim(Optional<Long> mine, Set<Long> taken, Optional<String> fixedBy) {
    AddressClaim {
      taken = Set.copyOf(taken);
    }
  }

  /**
   * Who has the MAC that the user chose.
   *
   * @param mine the MAC that is claimed for this port
   */
  record MacClaim(Holding fixed, Optional<String> mine) {}

  /**
   * What the fabric has.
   *
   * @param endpoint its name among the outside endpoints
   * @param physicalNetwork what hosts need an uplink for
   * @param isGrounded whether the segment's rows are there
   * @param isAnswered whether the guest accepted the last probe
   */
  record OnFabric(
      String endpoint,
      String physicalNetwork,
      OwnedRows owned,
      boolean isGrounded,
      List<Chassis> chassis,
      Binding binding,
      boolean isAnswered,
      FabricHealth health) {
    OnFabric {
      chassis = List.copyOf(chassis);
    }

    Optional<Chassis> chassis(String name) {
      return chassis.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /** Whether the chassis has programmed the port's rows, still follows, and has an uplink. */
    boolean follows(String name) {
      return !owned.rows().isEmpty()
          && chassis(name).filter(c -> c.carries(owned.generation(), physicalNetwork)).isPresent();
    }

    /** Whether the guest's interface is there and its flows are installed. */
    boolean carries(String name) {
      return follows(name) && binding.isUp() && binding.chassis().contains(name);
    }

    /**
     * Whether the guest answers. An answer outlives its guest by a moment, so one from where the
     * port is not plugged in does not count.
     */
    boolean answers(List<DesiredPort.Place> places) {
      return isAnswered && places.stream().limit(1).anyMatch(place -> carries(place.chassis()));
    }

    /** The places that are done: the first carries the guest, the others are prepared for it. */
    List<DesiredPort.Place> done(List<DesiredPort.Place> places) {
      return places.stream()
          .filter(place ->
              place.equals(places.getFirst()) ? carries(place.chassis()) : follows(place.chassis()))
          .toList();
    }
  }
}
