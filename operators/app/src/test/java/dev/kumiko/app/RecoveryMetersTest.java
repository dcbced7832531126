package dev.kumiko.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RecoveryMetersTest {
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void eachPhaseOfARecoveryIsAHistogram() {
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

  @Test
  void aFenceIsPendingWhileNoPoolCouldBeAskedAboutTheGuestsOfItsHost() {
    InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
    new RecoveryMeters(meters).count(cluster);
    Fence fence = new Fence();
    fence.setMetadata(new ObjectMetaBuilder().withName("h1").build());
    fence.setSpec(new Fence.Spec(Fence.Stage.Suspected, List.of("10.78.0.11"), false, "", "", ""));
    cluster.create(fence);
    assertThat(meters.scrape()).as("nobody said anything").contains("kumiko_fences_pending 1.0");
    say(cluster, Fence.Guests.Answering);
    assertThat(meters.scrape()).contains("kumiko_fences_pending 0.0", "kumiko_hosts_given_up 0.0");
    say(cluster);
    assertThat(meters.scrape()).contains("kumiko_fences_pending 1.0");
  }

  @Test
  void aHostIsUndecidedWhileItIsLeftToAPerson() {
    InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
    new RecoveryMeters(meters).count(cluster);
    for (String reason : List.of("TooManySilent", "OperatorIsolated", "Suspected", "DaemonDown")) {
      Host host = new Host();
      host.setMetadata(new ObjectMetaBuilder().withName(reason.toLowerCase(Locale.ROOT)).build());
      cluster.create(host);
      Host stored = cluster.get(Host.class, "", host.getMetadata().getName()).orElseThrow();
      stored.setStatus(
          Host.Status.empty().with(1L, List.of(not("Fenced", reason)), List.of(), List.of()));
      cluster.updateStatus(stored);
    }
    assertThat(meters.scrape()).contains("kumiko_hosts_undecided 2.0");
  }

  @Test
  void aMachineIsWithoutRoomWhileNoHostFits() {
    InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
    new RecoveryMeters(meters).count(cluster);
    for (String reason : List.of("NoHostFits", "Booting")) {
      VirtualMachine machine = new VirtualMachine();
      machine.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace("acme")
              .withName(reason.toLowerCase(Locale.ROOT))
              .build());
      cluster.create(machine);
      String name = machine.getMetadata().getName();
      VirtualMachine stored = cluster.get(VirtualMachine.class, "acme", name).orElseThrow();
      stored.setStatus(
          VirtualMachine.Status.empty()
              .with(1L, List.of(not(Condition.READY, reason)), List.of(), List.of()));
      cluster.updateStatus(stored);
    }
    assertThat(meters.scrape()).contains("kumiko_machines_without_room 1.0");
  }

  private static Condition not(String type, String reason) {
    return new Condition(type, "False", reason, "", "2026-01-01T00:00:00Z", 1L);
  }

  /** As storage does. */
  private static void say(InMemoryCluster cluster, Fence.PoolState... pools) {
    say(cluster, null, pools);
  }

  private static void say(
      InMemoryCluster cluster, Fence.@Nullable Guests guests, Fence.PoolState... pools) {
    Fence fence = cluster.get(Fence.class, "", "h1").orElseThrow();
    fence.setStatus(new Fence.Status(1L, List.of(), List.of(), List.of(), guests, List.of(pools)));
    cluster.updateStatus(fence);
  }
}
