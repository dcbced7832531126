package dev.kumiko.reconcile.sdk;

import io.javaoperatorsdk.operator.processing.retry.Retry;
import io.javaoperatorsdk.operator.processing.retry.RetryExecution;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Unlimited retries; the delay doubles up to a cap and is spread, so that no herd forms. */
record Backoff(Duration first, Duration cap, RandomGenerator random) implements Retry {
  /** 2^20 of the first delay is beyond every cap. */
  private static final int DOUBLINGS = 20;

  @Override
  public RetryExecution initExecution() {
    return new Execution(this);
  }

  /** Between half and all of the doubled delay. */
  Duration delay(int attempt) {
    long doubled = first.toMillis() << Math.min(attempt, DOUBLINGS);
    long full = Math.min(doubled, cap.toMillis());
    return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
  }

  private static final class Execution implements RetryExecution {
    private final Backoff backoff;
    private int attempts;

    Execution(Backoff backoff) {
      this.backoff = backoff;
    }

    @Override
    public Optional<Long> nextDelay() {
      return Optional.of(backoff.delay(attempts++).toMillis());
    }

    @Override
    public int getAttemptCount() {
      return attempts;
    }

    @Override
    public boolean isLastAttempt() {
      return false;
    }
  }
}
