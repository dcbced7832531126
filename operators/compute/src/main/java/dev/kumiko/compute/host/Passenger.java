package dev.kumiko.compute.host;

import java.util.Optional;

/**
 * A machine on a host that is to be emptied.
 *
 * @param move the last Migration that was made for that; empty: none was, or none that counts
 */
record Passenger(String namespace, String machine, Optional<Move> move) {
  /**
   * How its move stands.
   *
   * @param why for people
   * @param isToBeFollowed whether it is over, and time for the next
   */
  record Move(String why, boolean isToBeFollowed) {}

  /** Whether a Migration is to be made, for the first time or again. */
  boolean isToBeMoved() {
    return move.filter(m -> !m.isToBeFollowed()).isEmpty();
  }

  String name() {
    return namespace + "/" + machine;
  }
}
