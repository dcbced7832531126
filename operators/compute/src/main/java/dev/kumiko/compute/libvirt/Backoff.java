package dev.kumiko.compute.libvirt;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Growing, jittered pauses between attempts, so that many hosts do not try in step. */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofSeconds(3);
  private final RandomGenerator random;
  private Duration next = FIRST;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  Duration next() {
    Duration pause = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    return Duration.ofMillis((long) (pause.toMillis() * random.nextDouble(0.75, 1.25)));
  }

  void reset() {
    next = FIRST;
  }
}
