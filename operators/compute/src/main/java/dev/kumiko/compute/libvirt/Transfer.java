package dev.kumiko.compute.libvirt;

import java.time.Duration;
import java.util.Optional;

/** How the move of a guest away from a host stands. */
public sealed interface Transfer {
  /**
   * It is not being moved.
   *
   * @param failure why the last attempt failed; empty when this process knows of none
   */
  record None(Optional<String> failure) implements Transfer {}

  /**
   * It is being moved.
   *
   * @param isGivenUp whether the host was told to give it up, and has not ended it yet
   */
  record Ongoing(Progress progress, boolean isGivenUp) implements Transfer {}

  /**
   * The figures of a move.
   *
   * @param processedBytes sent, of which some were sent again
   * @param remainingBytes still to be sent in this round
   * @param totalBytes all that the guest has
   * @param iteration how often its memory was gone through
   * @param isPostCopy whether it stands still here, because it runs at its destination already or
   *     is about to
   * @param downtime for how long it stood still; zero while that is not known
   */
  record Progress(
      long processedBytes,
      long remainingBytes,
      long totalBytes,
      long iteration,
      boolean isPostCopy,
      Duration downtime) {
    static final Progress BEGINNING = new Progress(0, 0, 0, 0, false, Duration.ZERO);

    /** How much of it is there, from 0 to 99; all of it when nothing goes on any more. */
    public int percent() {
      return totalBytes == 0
          ? 0
          : (int) Math.max(0, Math.min(99, (totalBytes - remainingBytes) * 100 / totalBytes));
    }
  }
}
