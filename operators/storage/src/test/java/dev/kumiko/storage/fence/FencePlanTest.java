package dev.kumiko.storage.fence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.Desired;
import dev.kumiko.storage.Examples;
import dev.kumiko.storage.ceph.BlockedAddress;
import dev.kumiko.storage.fence.ObservedFence.PoolView;
import dev.kumiko.v1alpha1.Fence.Stage;
import dev.kumiko.v1alpha1.StoragePool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FencePlanTest {
  private static final String ONE = "10.78.0.11";
  private static final String TWO = "10.79.0.11";

  @Test
  void everyAddressIsRefusedByEveryPoolThatAnswers() {
    assertThat(plan(present(), Map.of("fast", seen(), "slow", seen(ONE + ":0/0"))))
        .containsExactly(
            new FenceAction.Refuse("fast", ONE),
            new FenceAction.Refuse("fast", TWO),
            new FenceAction.Refuse("slow", TWO));
    assertThat(plan(present(), Map.of("fast", new PoolView.Unknown("silent"), "slow", seen())))
        .containsExactly(new FenceAction.Refuse("slow", ONE), new FenceAction.Refuse("slow", TWO));
  }

  @Test
  void theBlockOfOneClientIsNotThatOfItsHost() {
    assertThat(plan(present(), Map.of("fast", seen(ONE + ":0/77", TWO + ":0/0"))))
        .containsExactly(new FenceAction.Refuse("fast", ONE));
  }

  @Test
  void anEntryThatEndsByItselfIsNoRefusalAndGoesWhenTheHostIsLetIn() {
    PoolView byHand =
        new PoolView.Seen(
            List.of(
                new BlockedAddress(ONE + ":0/0", Instant.now().plus(Duration.ofHours(1))),
                new BlockedAddress(TWO + ":0/0", Instant.MAX)));
    assertThat(plan(present(), Map.of("fast", byHand)))
        .containsExactly(new FenceAction.Refuse("fast", ONE));
    assertThat(plan(absent(), Map.of("fast", byHand)))
        .containsExactlyInAnyOrder(
            new FenceAction.Admit("fast", ONE + ":0/0"),
            new FenceAction.Admit("fast", TWO + ":0/0"));
  }

  @Test
  void whoIsLetInIsLetInWithoutItsGuestsOfBefore() {
    assertThat(plan(absent(), Map.of("fast", seen(ONE + ":0/77", ONE + ":0/0", "10.78.0.12:0/0"))))
        .containsExactly(new FenceAction.Admit("fast", ONE + ":0/0"));
  }

  private static List<FenceAction> plan(
      Desired<DesiredFence> desired, Map<String, PoolView> pools) {
    return FencePlan.plan(desired, new ObservedFence(Optional.empty(), pools));
  }

  private static Desired<DesiredFence> present() {
    return new Desired.Present<>(asked());
  }

  private static Desired<DesiredFence> absent() {
    return new Desired.Absent<>(asked());
  }

  private static DesiredFence asked() {
    return new DesiredFence(
        Stage.GivenUp, List.of(ONE, TWO), List.of(), List.of(pool("fast"), pool("slow")));
  }

  private static StoragePool pool(String name) {
    StoragePool pool = Examples.pool();
    pool.getMetadata().setName(name);
    return pool;
  }

  private static PoolView seen(String... blocked) {
    return new PoolView.Seen(
        List.of(blocked).stream().map(a -> new BlockedAddress(a, Instant.MAX)).toList());
  }
}
