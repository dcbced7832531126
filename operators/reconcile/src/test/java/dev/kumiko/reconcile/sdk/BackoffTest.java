package dev.kumiko.reconcile.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.retry.RetryExecution;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private final Backoff backoff =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), new Random(7));

  @Test
  void doublesUpToTheCapAndSpreads() {
    for (int attempt = 0; attempt < 100; attempt++) {
      long full = Math.min(500L << Math.min(attempt, 10), 30_000);
      assertThat(backoff.delay(attempt))
          .isBetween(Duration.ofMillis(full / 2), Duration.ofMillis(full));
    }
    assertThat(IntStream.range(0, 50).mapToObj(_ -> backoff.delay(9)).distinct().count())
        .isGreaterThan(40);
  }

  @Test
  void neverGivesUp() {
    RetryExecution execution = backoff.initExecution();
    for (int i = 0; i < 10_000; i++) {
      assertThat(execution.nextDelay()).isPresent();
      assertThat(execution.isLastAttempt()).isFalse();
    }
  }
}
