package dev.kumiko.network.network;

import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.kumiko.v1alpha1.Network;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts addresses at a pace, so that many new Ports cost few writes of their Network. */
final class Counting {
  static final Counts NONE = new Counts(null, null);
  private static final Duration PACE = Duration.ofSeconds(10);

  /** Addresses that Ports have, and those that are left. */
  record Counts(@Nullable Integer used, @Nullable Integer free) {}

  /** UIDs of the networks that were counted lately. */
  private final Cache<String, Boolean> counted;

  Counting(InstantSource clock) {
    counted =
        CacheBuilder.newBuilder()
            .expireAfterWrite(PACE)
            .ticker(
                new Ticker() {
                  @Override
                  public long read() {
                    return TimeUnit.MILLISECONDS.toNanos(clock.millis());
                  }
                })
            .build();
  }

  /** What was counted lately for this spec, or else what is now. */
  Counts of(Network network, Supplier<Counts> now) {
    String uid = network.getMetadata().getUid();
    Network.Status before = network.observed();
    boolean isFresh =
        counted.getIfPresent(uid) != null
            && before.addressesUsed() != null
            && Objects.equals(before.observedGeneration(), network.getMetadata().getGeneration());
    if (isFresh) {
      return new Counts(before.addressesUsed(), before.addressesFree());
    }
    counted.put(uid, true);
    return now.get();
  }
}
