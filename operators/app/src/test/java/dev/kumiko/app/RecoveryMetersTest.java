package dev.kumiko.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecoveryMetersTest {
  @Test
  void eachPhaseOfARecoveryIsAHistogram() {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    VirtualMachine.Recovered story =
        new VirtualMachine.Recovered(
            "h1",
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:05.2Z",
            "2026-01-01T00:00:05.6Z",
            "2026-01-01T00:00:05.7Z",
            "2026-01-01T00:00:06Z",
            "2026-01-01T00:00:06.5Z",
            "2026-01-01T00:00:10Z");
    new RecoveryMeters(meters).recovered(story);
    assertThat(meters.scrape())
        .contains("kumiko_recovery_seconds_bucket{phase=\"detection\",le=\"10.0\"} 1")
        .contains("kumiko_recovery_seconds_bucket{phase=\"detection\",le=\"5.0\"} 0")
        .contains("kumiko_recovery_seconds_sum{phase=\"all\"} 10.0")
        .contains("kumiko_recovery_seconds_sum{phase=\"grant\"} 0.3")
        .contains("kumiko_recovery_seconds_sum{phase=\"start\"} 0.5")
        .contains("phase=\"fence\"", "phase=\"placement\"", "phase=\"boot\"");
  }

  @Test
  void aFenceIsPendingUntilEveryPoolRefusesItsHostAlsoWhileItIsDeleted() {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
    new RecoveryMeters(meters).count(cluster);
    Fence fence = new Fence();
    fence.setMetadata(new ObjectMetaBuilder().withName("h1").build());
    fence.setSpec(new Fence.Spec(Fence.Stage.GivenUp, List.of("10.78.0.11"), false, "", "", ""));
    cluster.create(fence);
    cluster.addFinalizer(fence);
    cluster.delete(fence);
    say(cluster, new Fence.PoolState("fast", true), new Fence.PoolState("archive", false));
    assertThat(meters.scrape()).contains("kumiko_fences_pending 1.0");
    say(cluster, new Fence.PoolState("fast", true), new Fence.PoolState("archive", true));
    assertThat(meters.scrape()).contains("kumiko_fences_pending 0.0", "kumiko_hosts_given_up 1.0");
  }

  /** As storage does. */
  private static void say(InMemoryCluster cluster, Fence.PoolState... pools) {
    Fence fence = cluster.get(Fence.class, "", "h1").orElseThrow();
    fence.setStatus(new Fence.Status(1L, List.of(), List.of(), List.of(), null, List.of(pools)));
    cluster.updateStatus(fence);
  }
}
