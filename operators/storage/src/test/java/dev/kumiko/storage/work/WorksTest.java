package dev.kumiko.storage.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Rejection;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WorksTest {
  private static final ObjectKey ABOUT = new ObjectKey("blue", "debian");
  private final Deque<Runnable> queue = new ArrayDeque<>();
  private final List<ObjectKey> ended = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Works works = new Works(queue::add, () -> now);

  @Test
  void workIsIdleThenRunningThenIdle() {
    works.listen(ended::add);
    assertThat(works.state("a")).isEqualTo(new WorkState.Idle());
    works.start("a", ABOUT, "v1", progress -> progress.at(40));
    assertThat(works.state("a")).isEqualTo(new WorkState.Running(0));
    queue.remove().run();
    assertThat(works.state("a")).isEqualTo(new WorkState.Idle());
    assertThat(ended).containsExactly(ABOUT);
  }

  @Test
  void showsItsProgressWhileItRuns() {
    List<WorkState> seen = new ArrayList<>();
    works.start(
        "a",
        ABOUT,
        "v1",
        progress -> {
          progress.part(50, 100).at(40);
          seen.add(works.state("a"));
        });
    queue.remove().run();
    assertThat(seen).containsExactly(new WorkState.Running(70));
  }

  @Test
  void startingTwiceRunsOnce() {
    works.start("a", ABOUT, "v1", _ -> {});
    works.start("a", ABOUT, "v1", _ -> {});
    works.start("b", ABOUT, "v1", _ -> {});
    assertThat(queue).hasSize(2);
  }

  @Test
  void failedWorkIsDueAgainAfterDelaysThatDouble() {
    failOnce();
    assertThat(works.state("a")).isEqualTo(new WorkState.Failed("no route", false));
    now = now.plus(Duration.ofSeconds(2));
    assertThat(works.state("a")).isEqualTo(new WorkState.Failed("no route", true));
    failOnce();
    now = now.plus(Duration.ofMillis(1999));
    assertThat(works.state("a")).isEqualTo(new WorkState.Failed("no route", false));
    now = now.plus(Duration.ofMillis(2001));
    assertThat(works.state("a")).isEqualTo(new WorkState.Failed("no route", true));
  }

  @Test
  void refusedWorkStaysRefused() {
    works.start(
        "a",
        ABOUT,
        "v1",
        _ -> {
          throw new Rejection("ChecksumMismatch", "wrong");
        });
    queue.remove().run();
    now = now.plus(Duration.ofDays(1));
    assertThat(works.state("a", "v1"))
        .isEqualTo(new WorkState.Refused("ChecksumMismatch", "wrong"));
    assertThat(works.state("a", "v2")).isEqualTo(new WorkState.Idle());
  }

  @Test
  void cancelledWorkIsStoppingUntilItEnds() {
    List<WorkState> seen = new ArrayList<>();
    works.start(
        "a",
        ABOUT,
        "v1",
        progress -> {
          works.cancel("a");
          seen.add(works.state("a"));
          progress.at(50);
          seen.add(new WorkState.Idle());
        });
    queue.remove().run();
    assertThat(seen).containsExactly(new WorkState.Stopping());
    assertThat(works.state("a")).isEqualTo(new WorkState.Idle());
  }

  @Test
  void workThatWaitsForItsTurnIsCancelledAtOnce() {
    List<String> done = new ArrayList<>();
    works.start("a", ABOUT, "v1", _ -> done.add("a"));
    works.cancel("a");
    assertThat(works.state("a")).isEqualTo(new WorkState.Idle());
    works.start("a", ABOUT, "v1", _ -> done.add("again"));
    queue.forEach(Runnable::run);
    assertThat(done).containsExactly("again");
  }

  @Test
  void cancellingForgetsHowItEnded() {
    failOnce();
    works.cancel("a");
    assertThat(works.state("a")).isEqualTo(new WorkState.Idle());
  }

  private void failOnce() {
    works.start(
        "a",
        ABOUT,
        "v1",
        _ -> {
          throw new IOException("no route");
        });
    queue.remove().run();
  }
}
