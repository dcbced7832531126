package dev.kumiko.app;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Reporting;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.client.CustomResource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What alerts need to know of hosts that fail, and how long each phase of a recovery took. */
final class RecoveryMeters {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(15),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5)
  };

  private static final Set<String> UNDECIDED = Set.of("OperatorIsolated", "TooManySilent");

  private final MeterRegistry meters;

  RecoveryMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  /** Counts what the cache holds, each time that it is asked. */
  void count(Cluster cluster) {
    count(cluster, "kumiko.hosts.given.up", Fence.class, Fence::isShut);
    count(cluster, "kumiko.fences.pending", Fence.class, RecoveryMeters::isPending);
    count(cluster, "kumiko.hosts.undecided", Host.class, h -> is(h, "Fenced", UNDECIDED));
    count(
        cluster,
        "kumiko.machines.without.room",
        VirtualMachine.class,
        m -> is(m, Condition.READY, Set.of("NoHostFits")));
    count(
        cluster, "kumiko.machines.recovering", VirtualMachine.class, RecoveryMeters::isRecovering);
  }

  private <R extends CustomResource<?, ?>> void count(
      Cluster cluster, String name, Class<R> type, Predicate<R> which) {
    Gauge.builder(name, () -> cluster.list(type).stream().filter(which).count()).register(meters);
  }

  /** One whose guests no pool could be asked about recovers nobody either. */
  private static boolean isPending(Fence fence) {
    return switch (fence.getSpec().stage()) {
      case Suspected -> !fence.isAnswered() || fence.observed().guests() == null;
      case GivenUp -> fence.isShut() && !fence.isRefused();
    };
  }

  private static boolean isRecovering(VirtualMachine machine) {
    VirtualMachine.Recovered story = machine.observed().recovery();
    return story != null && story.isUnderWay();
  }

  private static boolean is(Reporting object, String condition, Set<String> reasons) {
    return object
        .observed()
        .condition(condition)
        .filter(c -> reasons.contains(c.reason()))
        .isPresent();
  }

  /** A machine is Ready again. */
  void recovered(VirtualMachine.Recovered story) {
    record("detection", story.silentSince(), story.givenUpAt());
    record("fence", story.givenUpAt(), story.releasedAt());
    record("placement", story.releasedAt(), story.placedAt());
    record("grant", story.placedAt(), story.grantedAt());
    record("start", story.grantedAt(), story.startedAt());
    record("boot", story.startedAt(), story.readyAt());
    record("all", story.silentSince(), story.readyAt());
  }

  private void record(String phase, @Nullable String from, @Nullable String to) {
    if (from != null && to != null) {
      Timer.builder("kumiko.recovery")
          .tag("phase", phase)
          .serviceLevelObjectives(BUCKETS)
          .register(meters)
          .record(Duration.between(Instant.parse(from), Instant.parse(to)));
    }
  }
}
