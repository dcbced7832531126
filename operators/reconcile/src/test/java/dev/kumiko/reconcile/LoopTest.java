package dev.kumiko.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class LoopTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final InstantSource clock = () -> now;
  private final InMemoryCluster cluster = new InMemoryCluster(clock);
  private final Shelf shelf = new Shelf(new TreeMap<>());
  private final Loop<Volume, Shelf.Box, Optional<String>, Shelf.Work> loop =
      new Loop<>(shelf, cluster, clock, (_, _, work) -> work.run());

  private Loop.Outcome<Volume> pass(Volume volume) {
    cluster.create(volume);
    return loop.reconcile(latest(volume));
  }

  private Volume latest(Volume volume) {
    return cluster.get(Volume.class, "acme", volume.getMetadata().getName()).orElseThrow();
  }

  @Test
  void onePassAppliesThePlanAndReportsWhatItThenSees() {
    Volume volume = pass(Shelf.volume("disk")).resource();
    assertThat(shelf.boxes).containsExactly(Map.entry("disk", "1Gi"));
    assertThat(volume.observed().isReady()).isTrue();
    assertThat(volume.observed().observedGeneration()).isEqualTo(1L);
  }

  @Test
  void pausedResourcesAreLeftAlone() {
    Volume volume = Shelf.volume("disk");
    volume.getMetadata().setAnnotations(Map.of("kumiko.dev/reconcile", "Paused"));
    pass(volume);
    assertThat(shelf.boxes).isEmpty();
    assertThat(latest(volume).observed().conditions())
        .singleElement()
        .satisfies(c -> assertThat(c.type() + c.status()).isEqualTo("PausedTrue"));
  }

  @Test
  void whatWasSeenBeforeStaysWhilePausedAndPausedGoesWithTheAnnotation() {
    Volume volume = pass(Shelf.volume("disk")).resource();
    volume.getMetadata().setAnnotations(Map.of("kumiko.dev/reconcile", "Paused"));
    Volume paused = loop.reconcile(volume).resource();
    assertThat(paused.observed().isReady()).isTrue();
    assertThat(paused.observed().condition("Paused")).isPresent();
    paused.getMetadata().setAnnotations(Map.of());
    assertThat(loop.reconcile(paused).resource().observed().condition("Paused")).isEmpty();
  }

  @Test
  void whatSomebodyElseChangedIsToldAsDrift() {
    Volume volume = pass(Shelf.volume("disk")).resource();
    assertThat(cluster.events()).isEmpty();
    shelf.boxes.remove("disk");
    loop.reconcile(volume);
    assertThat(shelf.boxes).containsKey("disk");
    assertThat(cluster.events())
        .singleElement()
        .satisfies(e -> assertThat(e).contains("Warning Volume acme/disk DriftRepaired", "Put"));
  }

  @Test
  void whatIsNotReadyAnyMoreAndComesBackIsTold() {
    Volume volume = pass(Shelf.volume("disk")).resource();
    shelf.broken = true;
    Volume lost = loop.reconcile(volume).resource();
    assertThat(cluster.events())
        .containsExactly(
            "Warning Volume acme/disk EndpointUnavailable:"
                + " not Ready any more: shelf/one: it fell over");
    shelf.broken = false;
    loop.reconcile(lost);
    assertThat(cluster.events()).last().asString().startsWith("Normal Volume acme/disk Ready");
  }

  @Test
  void whatTheUserAskedForIsNoDrift() {
    Volume volume = pass(Shelf.volume("disk")).resource();
    volume.setSpec(new Volume.Spec("fast", "2Gi", null, Volume.DeletionPolicy.Delete));
    loop.reconcile(cluster.replace(volume));
    cluster.delete(latest(volume));
    assertThat(cluster.events()).isEmpty();
  }

  @Test
  void aBriefWaitOfAnObjectThatWasMadeForAnotherIsNotWorthAWrite() {
    Volume volume = Shelf.volume("blocked-disk");
    volume
        .getMetadata()
        .setOwnerReferences(
            List.of(new OwnerReferenceBuilder().withUid("u").withController(true).build()));
    Loop.Outcome<Volume> first = pass(volume);
    assertThat(latest(volume).getStatus()).isNull();
    assertThat(first.again()).contains(Duration.ofSeconds(1));
    now = now.plus(Duration.ofSeconds(3));
    loop.reconcile(latest(volume));
    assertThat(latest(volume).observed().waitingFor()).isNotEmpty();
  }

  @Test
  void aFailedPassKeepsWhatTheKindSaidLast() {
    Volume volume = pass(Shelf.volume("disk")).resource();
    assertThat(volume.observed().condition("Shelved")).isPresent();
    shelf.broken = true;
    assertThat(loop.reconcile(volume).resource().observed().condition("Shelved"))
        .isEqualTo(volume.observed().condition("Shelved"));
  }

  @Test
  void anActionThatFailsUnforeseenLeavesOtherTargetsAlone() {
    shelf.curse = Optional.of(new IllegalStateException("a bug"));
    Volume volume = Shelf.volume("disk");
    cluster.create(volume);
    assertThatThrownBy(() -> loop.reconcile(latest(volume))).hasMessage("a bug");
    assertThat(shelf.boxes).as("the other target").containsEntry("disk", "1Gi");
  }

  @Test
  void anUnknownModeIsSaidOnTheObject() {
    Volume volume = Shelf.volume("disk");
    volume.getMetadata().setAnnotations(Map.of("kumiko.dev/reconcile", "Sometimes"));
    assertThat(pass(volume).resource().observed().condition(Condition.READY))
        .hasValueSatisfying(
            c -> assertThat(c.message()).contains("Sometimes", "Enforce, Plan or Paused"));
  }

  @Test
  void blockedResourcesNameWhatTheyWaitForAndSinceWhen() {
    Volume volume = pass(Shelf.volume("blocked-disk")).resource();
    now = now.plus(Duration.ofMinutes(5));
    Volume later = loop.reconcile(volume).resource();
    assertThat(later.observed().waitingFor())
        .singleElement()
        .satisfies(w -> {
          assertThat(w.kind() + "/" + w.name()).isEqualTo("StoragePool/fast");
          assertThat(w.since()).isEqualTo("2026-01-01T00:00:00Z");
        });
  }

  @Test
  void whatWaitsIsLookedAtAgainAsLongFromNowAsItHasWaited() {
    Loop.Outcome<Volume> first = pass(Shelf.volume("blocked-disk"));
    assertThat(first.again()).contains(Duration.ofSeconds(1));
    now = now.plus(Duration.ofSeconds(12));
    assertThat(loop.reconcile(first.resource()).again()).contains(Duration.ofSeconds(12));
    now = now.plus(Duration.ofHours(1));
    assertThat(loop.reconcile(first.resource()).again()).contains(Duration.ofSeconds(30));
    assertThat(pass(Shelf.volume("disk")).again()).isEmpty();
  }

  @Test
  void aFailingEndpointMakesReadyUnknownAndComesBackForRetry() {
    Volume volume = pass(Shelf.volume("disk")).resource();
    shelf.broken = true;
    Loop.Outcome<Volume> outcome = loop.reconcile(volume);
    assertThat(outcome.failure()).isPresent();
    assertThat(outcome.resource().observed().condition(Condition.READY).orElseThrow().status())
        .isEqualTo("Unknown");
    assertThat(outcome.resource().observed().waitingFor())
        .singleElement()
        .satisfies(w -> assertThat(w.name()).isEqualTo("shelf/one"));
  }

  @Test
  void theTransitionTimeMovesOnlyWithTheStatus() {
    Volume volume = pass(Shelf.volume("disk")).resource();
    String before = volume.observed().condition(Condition.READY).orElseThrow().lastTransitionTime();
    now = now.plus(Duration.ofHours(1));
    shelf.broken = true;
    Volume unknown = loop.reconcile(volume).resource();
    assertThat(unknown.observed().condition(Condition.READY).orElseThrow().lastTransitionTime())
        .isNotEqualTo(before)
        .isEqualTo("2026-01-01T01:00:00Z");
  }

  @Test
  void theFinalizerIsReleasedOnlyWhenNothingIsLeft() {
    Volume volume = pass(Shelf.volume("disk")).resource();
    cluster.addFinalizer(volume);
    cluster.delete(volume);
    shelf.broken = true;
    assertThat(loop.reconcile(latest(volume)).released()).isFalse();
    shelf.broken = false;
    assertThat(loop.reconcile(latest(volume)).released()).isTrue();
    assertThat(shelf.boxes).isEmpty();
  }
}
