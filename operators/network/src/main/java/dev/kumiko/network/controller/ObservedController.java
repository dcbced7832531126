package dev.kumiko.network.controller;

import dev.kumiko.network.fabric.Chassis;
import dev.kumiko.network.fabric.FabricHealth;
import dev.kumiko.network.fabric.FabricSettings;
import java.util.List;
import java.util.Optional;

/**
 * What there is.
 *
 * @param connected the settings of the present connection
 * @param view what it shows; empty while there is none
 */
record ObservedController(Optional<FabricSettings> connected, Optional<View> view) {

  /**
   * What the controller shows.
   *
   * @param orphans owners of rows that do not exist any more, for people
   * @param foreignSegments how many networks are on the fabric that are not ours
   * @param abandoned claims whose owners do not exist any more
   */
  record View(
      FabricHealth health,
      List<Chassis> chassis,
      Optional<Integer> foreignSegments,
      List<String> orphans,
      List<String> abandoned) {
    View {
      chassis = List.copyOf(chassis);
      orphans = List.copyOf(orphans);
      abandoned = List.copyOf(abandoned);
    }

    long live() {
      return chassis.stream().filter(Chassis::live).count();
    }
  }
}
