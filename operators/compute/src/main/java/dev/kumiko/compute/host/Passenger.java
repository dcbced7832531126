package dev.kumiko.compute.host;

import dev.kumiko.v1alpha1.Migration;
import java.util.Optional;

/**
 * A machine on a host that is to be emptied.
 *
 * @param move the Migration that was made for that; empty: none was
 */
record Passenger(String namespace, String machine, Optional<Move> move) {
  /**
   * How its move stands.
   *
   * @param why for people
   * @param isOld whether it ended long enough ago to be tried again
   */
  record Move(Migration.Phase phase, String why, boolean isOld) {}

  /** Whether a Migration is to be made, for the first time or again. */
  boolean isToBeMoved() {
    return move.filter(m -> !m.isOld()).isEmpty();
  }

  String name() {
    return namespace + "/" + machine;
  }
}
