package dev.kumiko.reconcile;

import dev.kumiko.v1alpha1.Reported;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a kind says after a pass.
 *
 * @param status the kind's own fields, from what was observed
 * @param readiness becomes the conditions Ready, Progressing and Stalled
 * @param aspects further conditions
 * @param recheckAfter when to look again although no event came; empty: at the resync
 */
public record Report(
    Reported<?> status,
    Readiness readiness,
    List<Aspect> aspects,
    Optional<Duration> recheckAfter) {
  public Report {
    aspects = List.copyOf(aspects);
  }

  public static Report of(Reported<?> status, Readiness readiness) {
    return new Report(status, readiness, List.of(), Optional.empty());
  }

  public Report with(Aspect... more) {
    return new Report(status, readiness, List.of(more), recheckAfter);
  }

  public Report recheckAfter(Duration delay) {
    return new Report(status, readiness, aspects, Optional.of(delay));
  }

  /** A condition that the kind adds. */
  public record Aspect(String type, boolean holds, String reason, String message) {}
}
