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
    works.start("a", ABOUT, progress -> progress.at(40));
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
        progress -> {
          progress.part(50, 100).at(40);
          seen.add(works.state("a"));
        });
    queue.remove().run();
    assertThat(seen).containsExactly(new WorkState.Running(70));
  }

  @Test
  void startingTwiceRunsOnce() {
    works.start("a", ABOUT, _ -> {});
    works.start("a", ABOUT, _ -> {});
    works.start("b", ABOUT, _ -> {});
    assertThat(queue).hasSize(2);
  }

  @Test
  void failedWorkIsDueAgainAfterDelaysThatDouble() {
    failOnce();
    assertThat(works.state("a")).isEqualTo(new WorkState.Failed("no route", false));
    now = now.plus(Duration.ofSeconds(2));
    assertThat(works.state("a")).isEqualTo(new WorkState.Failed("no route", true));
    failOnce();
    now = now.plus(Duration.ofSeconds(3));
    assertThat(works.state("a")).isEqualTo(new WorkState.Failed("no route", false));
    now = now.plus(Duration.ofSeconds(1));
    assertThat(works.state("a")).isEqualTo(new WorkState.Failed("no route", true));
  }

  @Test
  void refusedWorkStaysRefused() {
    works.start(
        "a",
        ABOUT,
        _ -> {
          throw new Rejection("ChecksumMismatch", "wrong");
        });
    queue.remove().run();
    now = now.plus(Duration.ofDays(1));
    assertThat(works.state("a")).isEqualTo(new WorkState.Refused("ChecksumMismatch", "wrong"));
  }

  @Test
  void cancelledWorkIsStoppingUntilItEnds() {
    List<String> done = new ArrayList<>();
    works.start("a", ABOUT, _ -> done.add("a"));
    works.cancel("a");
    assertThat(works.state("a")).isEqualTo(new WorkState.Stopping());
    works.start("a", ABOUT, _ -> done.add("again"));
    queue.remove().run();
    assertThat(works.state("a")).isEqualTo(new WorkState.Idle());
    assertThat(done).isEmpty();
    assertThat(queue).isEmpty();
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
        _ -> {
          throw new IOException("no route");
        });
    queue.remove().run();
  }
}
