package dev.kumiko.compute.libvirt;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How long guests that came to a host stood still there, which libvirt does not count. */
final class Arrivals {
  private final InstantSource clock;
  private final Set<UUID> coming = ConcurrentHashMap.newKeySet();
  private final ConcurrentMap<UUID, Instant> there = new ConcurrentHashMap<>();
  private final ConcurrentMap<UUID, Duration> waited = new ConcurrentHashMap<>();

  Arrivals(InstantSource clock) {
    this.clock = clock;
  }

  /** To be told each time that a domain was read after it changed. */
  void saw(Guest guest) {
    UUID uuid = guest.uuid();
    switch (guest.state()) {
      case HELD -> {
        forget(uuid);
        coming.add(uuid);
      }
      case PAUSED -> {
        if (coming.remove(uuid)) {
          there.put(uuid, clock.instant());
        }
      }
      default -> {
        Instant since = there.remove(uuid);
        if (since != null) {
          waited.put(uuid, Duration.between(since, clock.instant()));
        } else if (coming.remove(uuid)) {
          waited.put(uuid, Duration.ZERO);
        }
      }
    }
  }

  void forget(UUID guest) {
    coming.remove(guest);
    there.remove(guest);
    waited.remove(guest);
  }

  /** Between being all there and being let run; empty when that was not seen. */
  Optional<Duration> waited(UUID guest) {
    return Optional.ofNullable(waited.get(guest));
  }
}
