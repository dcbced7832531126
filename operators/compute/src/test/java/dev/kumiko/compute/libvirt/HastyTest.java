package dev.kumiko.compute.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class HastyTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void aCallThatHangsIsGivenUpAndHoldsNoOtherUp() throws TimeoutException {
    CountDownLatch never = new CountDownLatch(1);
    try (Hasty hasty = new Hasty("test")) {
      assertThatThrownBy(() ->
              hasty.call(
                  SHORT,
                  () -> {
                    await(never);
                    return true;
                  }))
          .isInstanceOf(TimeoutException.class);
      assertThat(hasty.call(LONG, () -> "next")).isEqualTo("next");
    } finally {
      never.countDown();
    }
  }

  @Test
  void whatTheCallThrowsComesBack() {
    try (Hasty hasty = new Hasty("test")) {
      assertThatThrownBy(() ->
              hasty.call(
                  LONG,
                  () -> {
                    throw new ConnectionLost(Link.Sign.FAILED, "planted");
                  }))
          .isInstanceOf(ConnectionLost.class);
    }
  }

  /** As native code does: an interrupt changes nothing. */
  private static void await(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }
}
