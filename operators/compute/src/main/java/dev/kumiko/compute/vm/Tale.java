package dev.kumiko.compute.vm;

import dev.kumiko.v1alpha1.VirtualMachine.Recovered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The times of a recovery that is over, as an event tells them. */
record Tale(Recovered story) {
  /**
   * Each step with what it took since the one before; what nobody knows is left out.
   *
   * @param host that it is Ready on
   */
  String on(String host) {
    List<String> steps = new ArrayList<>();
    step(steps, "given up after", story.silentSince(), story.givenUpAt());
    step(steps, "released", story.givenUpAt(), story.releasedAt());
    step(steps, "placed", story.releasedAt(), story.placedAt());
    step(steps, "granted", story.placedAt(), story.grantedAt());
    step(steps, "started", story.grantedAt(), story.startedAt());
    step(steps, "ready", story.startedAt(), story.readyAt());
    String all =
        taken(story.silentSince(), story.readyAt())
            .map(taken -> taken + " after host " + story.from() + " fell silent")
            .orElse("after host " + story.from() + " was given up");
    return "ready on host " + host + ", " + all + ": " + String.join(", ", steps);
  }

  private static void step(
      List<String> steps, String what, @Nullable String from, @Nullable String to) {
    taken(from, to).ifPresent(taken -> steps.add(what + " " + taken));
  }

  private static Optional<String> taken(@Nullable String from, @Nullable String to) {
    return from == null || to == null
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%.1f s",
                Duration.between(Instant.parse(from), Instant.parse(to)).toMillis() / 1000.0));
  }
}
