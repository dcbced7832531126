package dev.kumiko.compute.verdict;

import java.time.Duration;
import java.time.Instant;

/**
 * When hosts are given up.
 *
 * @param detection how long every signal must be silent
 * @param patience how long a host may live without its libvirtd; zero: for ever
 * @param limitPercent share of all hosts that may fall silent at once and still be given up; one
 *     host always may
 */
public record Policy(Duration detection, Duration patience, int limitPercent) {
  private static final int PERCENT = 100;

  /** Hosts that fell silent longer apart than this did not fall silent at once. */
  private static final Duration AT_ONCE = Duration.ofMinutes(5);

  public static final Policy DEFAULT = new Policy(Duration.ofSeconds(5), Duration.ZERO, 10);

  /** Whether two hosts fell silent at once. */
  public static boolean isAtOnce(Instant one, Instant other) {
    return Duration.between(one, other).abs().compareTo(AT_ONCE) <= 0;
  }

  /** How many of so many hosts may be given up at once. */
  int limit(int hosts) {
    return Math.max(1, hosts * limitPercent / PERCENT);
  }

  /** Whether a host has been without its libvirtd for too long. */
  boolean isOutOfPatience(Duration silentFor) {
    return patience.isPositive() && silentFor.compareTo(patience) >= 0;
  }
}
