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
   * @param isBrief whether its last round must not take longer than a moment, which a guest that
   *     writes much may never come to
   */
  record Ongoing(Progress progress, boolean isGivenUp, boolean isBrief) implements Transfer {}

  /**
   * The figures of a move.
   *
   * @param processedBytes sent, of which some were sent again
   * @param remainingBytes still to be sent in this round
   * @param totalBytes all that the guest has
   * @param iteration how often its memory was gone through
   * @param isPostCopy whether it stands still here, because it runs at its destination already or
   *     is about to be let run there
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

    /**
     * With the time for which it waited at its destination to be let run.
     *
     * @param more empty: not known, so neither is the downtime
     */
    Progress waited(Optional<Duration> more) {
      return new Progress(
          processedBytes,
          remainingBytes,
          totalBytes,
          iteration,
          isPostCopy,
          more.map(downtime::plus).orElse(Duration.ZERO));
    }

    /** How much of it is there, from 0 to 99; all of it when nothing goes on any more. */
    public int percent() {
      return totalBytes == 0
          ? 0
          : (int) Math.max(0, Math.min(99, (totalBytes - remainingBytes) * 100 / totalBytes));
    }
  }
}
