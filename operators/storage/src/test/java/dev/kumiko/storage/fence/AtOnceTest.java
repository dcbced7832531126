package dev.kumiko.storage.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class AtOnceTest {
  private static final AtOnce SHORT = new AtOnce(Duration.ofMillis(200));

  @Test
  void whoHangsIsLateAndHoldsNobodyUp() {
    CountDownLatch never = new CountDownLatch(1);
    long start = System.nanoTime();
    assertThat(
            SHORT.ask(
                List.of("a", "hangs", "b"),
                name -> name.equals("hangs") ? waited(never) : name + "!",
                "late"))
        .containsExactly("a!", "late", "b!");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void whatNobodyForesawIsNoAnswer() {
    assertThatThrownBy(() ->
            SHORT.ask(
                List.of("a"),
                _ -> {
                  throw new IllegalArgumentException("a bug");
                },
                "late"))
        .hasMessageContaining("a bug");
  }

  private static String waited(CountDownLatch latch) {
    try {
      latch.await();
      return "answered";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
