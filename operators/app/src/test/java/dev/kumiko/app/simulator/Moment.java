package dev.kumiko.app.simulator;

import java.time.Duration;

/** Something that befalls the site at a time. */
record Moment(Duration at, Words what) {
  private static final double MILLIS = 1000;

  static Duration duration(String seconds) {
    return Duration.ofMillis(
        Math.round(Double.parseDouble(seconds.replaceFirst("s$", "")) * MILLIS));
  }
}
