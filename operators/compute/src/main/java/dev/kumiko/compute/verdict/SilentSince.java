package dev.kumiko.compute.verdict;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Since when a host was not heard, as an event tells it. */
public final class SilentSince {
  private SilentSince() {}

  /** Goes on with a sentence; empty when nobody knows. */
  public static String text(Optional<String> moment) {
    return moment
        .map(Instant::parse)
        .map(at -> at.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC).toLocalTime())
        .map(at -> ", silent since " + DateTimeFormatter.ISO_LOCAL_TIME.format(at) + " UTC")
        .orElse("");
  }
}
