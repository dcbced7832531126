package dev.kumiko.network.fabric.ovn;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** For how long one who follows a generation may stand still behind it. */
final class Patience {
  private final Duration limit;
  private final InstantSource clock;
  private Optional<Stand> stand = Optional.empty();

  private record Stand(long generation, long sinceMillis) {}

  Patience(Duration limit, InstantSource clock) {
    this.limit = limit;
    this.clock = clock;
  }

  /** Whether one at this generation has stood there, behind the newest, for too long. */
  boolean isOver(long generation, long newest) {
    if (generation >= newest) {
      stand = Optional.empty();
      return false;
    }
    return stoodFor(generation) > limit.toMillis();
  }

  /** Whether the generation itself has not moved for that long; the wait then begins anew. */
  boolean isIdle(long generation) {
    boolean isIdle = stoodFor(generation) > limit.toMillis();
    if (isIdle) {
      stand = Optional.empty();
    }
    return isIdle;
  }

  private long stoodFor(long generation) {
    long now = clock.millis();
    Stand known =
        stand.filter(s -> s.generation() == generation).orElseGet(() -> new Stand(generation, now));
    stand = Optional.of(known);
    return now - known.sinceMillis();
  }
}
