package dev.kumiko.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EndpointTest {
  private final Endpoint endpoint = new Endpoint("ceph/fast", 1, Duration.ofMillis(50));

  @AfterEach
  void close() {
    endpoint.close();
  }

  @Test
  void returnsWhatTheWorkReturns() {
    assertThat(endpoint.<String>call("greet", () -> "hello")).isEqualTo("hello");
  }

  @Test
  void aSlowCallEndsAtItsDeadlineAndNamesTheEndpoint() {
    CountDownLatch never = new CountDownLatch(1);
    assertThatThrownBy(() ->
            endpoint.call("wait", () -> never.await(5, java.util.concurrent.TimeUnit.SECONDS)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("no answer to wait within 50 ms")
        .satisfies(e -> assertThat(((Unavailable) e).endpoint()).isEqualTo("ceph/fast"));
  }

  @Test
  void aCallThatNobodyWaitsForAnyMoreIsKnownUntilItEnds() {
    CountDownLatch end = new CountDownLatch(1);
    assertThat(endpoint.longestCall()).isZero();
    assertThatThrownBy(() ->
            endpoint.call(
                "hang",
                () -> {
                  while (end.getCount() > 0) {
                    Thread.onSpinWait();
                  }
                  return "late";
                }))
        .isInstanceOf(Unavailable.class);
    assertThat(endpoint.longestCall()).isPositive();
    end.countDown();
    await().untilAsserted(() -> assertThat(endpoint.longestCall()).isZero());
  }

  @Test
  void afterFailuresInARowItIsNotAskedAnyMore() {
    AtomicInteger asked = new AtomicInteger();
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() ->
              endpoint.call(
                  "fail",
                  () -> {
                    asked.incrementAndGet();
                    throw new Unavailable("ceph/fast", "down");
                  }))
          .isInstanceOf(Unavailable.class);
    }
    assertThat(asked.get()).isEqualTo(3);
    assertThat(endpoint.isClosed()).isFalse();
  }

  @Test
  void callsBeyondItsThreadsWaitForTheirTurn() throws Exception {
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (Endpoint two = new Endpoint("libvirt/h1", 2, Duration.ofSeconds(10));
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        calls.add(
            callers.submit(() ->
                two.call(
                    "start",
                    () -> {
                      most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                      Thread.sleep(5);
                      return underWay.decrementAndGet();
                    })));
      }
      for (Future<Integer> call : calls) {
        call.get();
      }
    }
    assertThat(most.get()).isEqualTo(2);
  }

  @Test
  void aRejectionIsNoFailureOfTheEndpoint() {
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() ->
              endpoint.call(
                  "reject",
                  () -> {
                    throw new Rejection("TooSmall", "size must grow");
                  }))
          .isInstanceOf(Rejection.class);
    }
    assertThat(endpoint.isClosed()).isTrue();
  }
}
