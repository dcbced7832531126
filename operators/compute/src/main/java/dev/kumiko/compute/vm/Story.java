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
            null,
            null);
  }

  /** Its disks are granted where it is to be started. */
  static @Nullable Recovered granted(@Nullable Recovered before, Optional<Instant> seen) {
    return before == null || before.placedAt() == null || seen.isEmpty()
        ? before
        : with(before, seen.get(), before.startedAt(), before.readyAt());
  }

  /**
   * What is seen of its guest, which would not run without its disks.
   *
   * @param granted when they were seen granted
   * @param isReady whether it is Ready, too
   */
  static @Nullable Recovered running(
      @Nullable Recovered before, Optional<Instant> granted, boolean isReady, Instant now) {
    if (before == null || before.placedAt() == null || before.readyAt() != null) {
      return before;
    }
    Optional<String> started = Optional.ofNullable(before.startedAt());
    return with(
        before,
        started.map(Instant::parse).or(() -> granted).orElse(now),
        started.orElseGet(() -> text(now)),
        isReady ? text(now) : null);
  }

  private static Recovered with(
      Recovered before, Instant granted, @Nullable String startedAt, @Nullable String readyAt) {
    return new Recovered(
        before.from(),
        before.silentSince(),
        before.givenUpAt(),
        before.releasedAt(),
        before.placedAt(),
        Optional.ofNullable(before.grantedAt()).orElseGet(() -> text(granted)),
        startedAt,
        readyAt);
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
