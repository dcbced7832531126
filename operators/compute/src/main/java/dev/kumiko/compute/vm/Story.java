package dev.kumiko.compute.vm;

import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.VirtualMachine.Recovered;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The times of a recovery; each is written once. */
final class Story {
  private Story() {}

  /** Its disks are taken back from a host that was given up. */
  static Recovered released(String host, Optional<Fence> fence, Instant now) {
    return new Recovered(
        host,
        fence.map(f -> f.getSpec().silentSince()).orElse(null),
        fence.map(f -> f.getSpec().givenUpAt()).orElse(null),
        text(now),
        null,
        null,
        null);
  }

  static @Nullable Recovered placed(@Nullable Recovered before, Instant now) {
    return before == null || before.placedAt() != null
        ? before
        : new Recovered(
            before.from(),
            before.silentSince(),
            before.givenUpAt(),
            before.releasedAt(),
            text(now),
            null,
            null);
  }

  /**
   * What is seen of its guest.
   *
   * @param isReady whether it is Ready, too
   */
  static @Nullable Recovered running(@Nullable Recovered before, boolean isReady, Instant now) {
    if (before == null || before.placedAt() == null || before.readyAt() != null) {
      return before;
    }
    return new Recovered(
        before.from(),
        before.silentSince(),
        before.givenUpAt(),
        before.releasedAt(),
        before.placedAt(),
        Optional.ofNullable(before.startedAt()).orElseGet(() -> text(now)),
        isReady ? text(now) : null);
  }

  /** The story, when this is its end. */
  static Optional<Recovered> ended(VirtualMachine.Status before, VirtualMachine.Status after) {
    boolean wasUnderWay =
        Optional.ofNullable(before.recovery()).filter(Recovered::isUnderWay).isPresent();
    return Optional.ofNullable(after.recovery()).filter(s -> wasUnderWay && !s.isUnderWay());
  }

  private static String text(Instant moment) {
    return moment.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
