package dev.kumiko.reconcile.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumiko.reconcile.sdk.Leadership.LeaseName;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // set before each test
final class LeadershipIT {
  private final AtomicInteger won = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private RealCluster real;

  @BeforeEach
  void start() {
    real = new RealCluster();
  }

  @AfterEach
  void stop() {
    if (real != null) {
      real.close();
    }
  }

  private Leadership candidate(String identity) {
    Leadership candidate = waiting(identity);
    candidate.start();
    return candidate;
  }

  private Leadership waiting(String identity) {
    return new Leadership(
        real.client,
        new LeaseName(real.namespace, "turns"),
        identity,
        won::incrementAndGet,
        lost::incrementAndGet);
  }

  @Test
  void theNextOneTakesOverSoonAfterAnOrderlyEnd() {
    Leadership first = candidate("first");
    await().atMost(Duration.ofSeconds(5)).until(first::isLeader);
    try (Leadership second = candidate("second")) {
      await()
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(4))
          .until(() -> !second.isLeader());
      first.close();
      await().atMost(Duration.ofSeconds(8)).until(second::isLeader);
    }
    assertThat(won).hasValue(2);
    assertThat(lost).hasValue(0);
  }

  @Test
  void theSuccessorOfTheSameIdentityNeedNotWaitHoweverLongItTookToStart() throws Exception {
    try (Leadership dead = candidate("same")) {
      await().atMost(Duration.ofSeconds(5)).until(dead::isLeader);
      try (Leadership successor = waiting("same")) {
        Thread.sleep(Duration.ofSeconds(11));
        successor.start();
        await().atMost(Duration.ofSeconds(2)).until(successor::isLeader);
        await()
            .during(Duration.ofSeconds(2))
            .atMost(Duration.ofSeconds(3))
            .until(() -> lost.get() == 0);
      }
    }
  }

  @Test
  void whoeverLosesTheLeaseIsToldAtOnce() {
    try (Leadership first = candidate("first")) {
      await().atMost(Duration.ofSeconds(5)).until(first::isLeader);
      real.client
          .resources(Lease.class)
          .inNamespace(real.namespace)
          .withName("turns")
          .edit(lease -> {
            lease.getSpec().setHolderIdentity("thief");
            return lease;
          });
      await().atMost(Duration.ofSeconds(5)).until(() -> lost.get() == 1);
      assertThat(first.isLeader()).isFalse();
    }
  }
}
