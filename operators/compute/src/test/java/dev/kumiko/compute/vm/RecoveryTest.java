package dev.kumiko.compute.vm;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.VirtualMachine.HostFailure;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class RecoveryTest {
  private final MachineLife life = MachineLife.running();
  private final String lost = life.host();
  private final String other = lost.equals("h1") ? "h2" : "h1";

  @Test
  void aMachineWhoseHostIsOnlySilentStaysThere() {
    life.world.hosts.host(lost).reachable(false);
    life.settle();
    assertThat(life.host()).isEqualTo(lost);
    assertThat(life.status().phase()).isEqualTo("Unknown");
    fence(Fence.Stage.Suspected);
    life.settle();
    assertThat(life.host()).isEqualTo(lost);
  }

  @Test
  void aMachineWhoseHostWasGivenUpStartsOnAnotherAtAHigherEpoch() {
    long epoch = placed().epoch();
    giveUp();
    life.settle();
    assertThat(life.host()).isEqualTo(other);
    assertThat(placed().epoch()).isGreaterThan(epoch);
    assertThat(life.status().isReady()).isTrue();
    assertThat(life.guest(lost)).as("nobody can end it there").isPresent();
  }

  @Test
  void itIsPlacedOnlyWhenStorageHasLetGoOfItsDisks() {
    life.world.storageAnswers = false;
    giveUp();
    life.settle();
    assertThat(life.host()).isEqualTo(lost);
    assertThat(life.status().phase()).isEqualTo("Recovering");
    assertThat(life.world.cluster.list(Attachment.class))
        .allMatch(a -> a.getMetadata().getDeletionTimestamp() != null);
    life.world.storageAnswers = true;
    life.settle();
    assertThat(life.host()).isEqualTo(other);
  }

  @Test
  void itsStatusTellsTheStory() {
    giveUp();
    life.settle();
    VirtualMachine.Recovered story = story();
    assertThat(story.from()).isEqualTo(lost);
    assertThat(story.silentSince()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(story.givenUpAt()).isEqualTo("2026-01-01T00:00:05Z");
    assertThat(
            List.of(
                Optional.ofNullable(story.releasedAt()).orElseThrow(),
                Optional.ofNullable(story.placedAt()).orElseThrow(),
                Optional.ofNullable(story.grantedAt()).orElseThrow(),
                Optional.ofNullable(story.startedAt()).orElseThrow(),
                Optional.ofNullable(story.readyAt()).orElseThrow()))
        .isSorted();
  }

  @Test
  void aGrantThatTheStartDidNotFollowYetIsToldAndStaysWhenAnotherOperatorGoesOn() {
    life.world.networkAnswers = false;
    giveUp();
    life.settle();
    VirtualMachine.Recovered waiting = story();
    assertThat(waiting.placedAt()).isNotNull();
    assertThat(waiting.grantedAt()).isNotNull();
    assertThat(waiting.startedAt()).isNull();
    life.world.networkAnswers = true;
    new MachineLife(life.world).settle();
    assertThat(story().grantedAt()).isEqualTo(waiting.grantedAt());
    assertThat(story().readyAt()).isNotNull();
  }

  @Test
  void theGrantIsWhenItWasSeenAndNotWhenTheStartWentWell() {
    giveUp();
    life.before = refuseStart(new Unavailable("libvirt/" + other, "busy"));
    life.settle();
    assertThat(story().grantedAt()).as("nothing of that pass is reported").isNull();
    Instant late = life.world.clock.instant();
    life.before = action -> {};
    life.settle();
    assertThat(life.status().isReady()).isTrue();
    assertThat(Instant.parse(String.valueOf(story().grantedAt()))).isBefore(late);
    assertThat(Instant.parse(String.valueOf(story().startedAt()))).isAfterOrEqualTo(late);
  }

  @Test
  void aGrantWhoseOperatorDiedBeforeItWasToldIsToldByTheNext() {
    giveUp();
    life.before = refuseStart(new IllegalStateException("killed"));
    assertThatThrownBy(life::settle).hasMessage("killed");
    assertThat(story().grantedAt()).isNull();
    Instant next = life.world.clock.instant();
    new MachineLife(life.world).settle();
    assertThat(story().grantedAt()).isEqualTo(next.toString());
    assertThat(story().toString()).doesNotContain("null");
  }

  @Test
  void anEventTellsTheTimesWhenItIsOverAndTellsThemOnce() {
    giveUp();
    life.settle();
    life.settle();
    new MachineLife(life.world).settle();
    assertThat(events("Recovered"))
        .singleElement(as(STRING))
        .matches(
            "Normal VirtualMachine acme/web Recovered: ready on host %s, [\\d.]+ s after host %s fell"
                    .formatted(other, lost)
                + " silent: given up after 5\\.0 s, released [\\d.]+ s, placed [\\d.]+ s,"
                + " granted [\\d.]+ s, started [\\d.]+ s, ready [\\d.]+ s");
  }

  @Test
  void whoComesAfterAnOperatorThatDiedTellsTheEnd() {
    giveUp();
    life.before =
        action -> {
          if (action instanceof VirtualMachineAction.Resume) {
            throw new IllegalStateException("killed");
          }
        };
    assertThatThrownBy(life::settle).hasMessage("killed");
    assertThat(events("Recovered")).isEmpty();
    new MachineLife(life.world).settle();
    assertThat(events("Recovered")).hasSize(1);
  }

  @Test
  void whatNobodyKnowsOfTheTimesIsLeftOut() {
    String at = "2026-01-01T00:00:01Z";
    VirtualMachine.Recovered told =
        new VirtualMachine.Recovered(
            "h1", null, null, at, "2026-01-01T00:00:01.250Z", at, at, "2026-01-01T00:00:04.4Z");
    assertThat(new Tale(told).on("h2"))
        .startsWith("ready on host h2, after host h1 was given up: placed 0.3 s, granted")
        .endsWith("ready 3.4 s");
  }

  @Test
  void theLossOfItsHostTellsSinceWhenThatWasSilent() {
    giveUp();
    life.settle();
    assertThat(events("HostLost"))
        .containsExactly(
            "Warning VirtualMachine acme/web HostLost: Host %s was given up, silent since 00:00:00 UTC:"
                    .formatted(lost)
                + " the guest is started on another.");
  }

  private List<String> events(String reason) {
    return life.world.cluster.events().stream()
        .filter(e -> e.contains(" " + reason + ":"))
        .toList();
  }

  @Test
  void aGuestThatRunsAlreadyWasGrantedItsDisks() {
    giveUp();
    life.settle();
    VirtualMachine.Recovered told = story();
    VirtualMachine.Recovered before =
        new VirtualMachine.Recovered(
            told.from(),
            told.silentSince(),
            told.givenUpAt(),
            told.releasedAt(),
            told.placedAt(),
            null,
            told.startedAt(),
            null);
    Instant now = life.world.clock.instant();
    assertThat(Story.running(before, Optional.of(now), true, now))
        .as("of an operator that did not tell of grants")
        .extracting(VirtualMachine.Recovered::grantedAt)
        .isEqualTo(told.startedAt());
  }

  @Test
  void aMachineWithoutDisksWaitsForNoGrant() {
    MachineLife diskless = MachineLife.withoutDisks();
    VirtualMachine.Status status = diskless.status();
    String host = diskless.host();
    assertThat(status.isReady()).isTrue();
    diskless.world.hosts.host(host).reachable(false);
    fence(diskless.world, host, Fence.Stage.GivenUp);
    diskless.settle();
    VirtualMachine.Recovered told = Optional.ofNullable(diskless.status().recovery()).orElseThrow();
    assertThat(told.grantedAt()).isEqualTo(told.placedAt());
    assertThat(told.toString()).doesNotContain("null");
  }

  private static Consumer<Action> refuseStart(RuntimeException why) {
    return action -> {
      if (action instanceof VirtualMachineAction.StartPaused) {
        throw why;
      }
    };
  }

  @Test
  void aMachineThatIsToWaitIsStartedNowhereElse() {
    recovery(new VirtualMachine.Recovery(HostFailure.Wait, 500));
    giveUp();
    life.settle();
    assertThat(life.host()).isEqualTo(lost);
    assertThat(ready().reason()).isEqualTo("HostGivenUp");
    life.world.hosts.host(lost).reachable(true);
    life.world.hosts.host(lost).destroy(life.uid(), placed().epoch());
    life.world.hosts.host(lost).undefine(life.uid());
    life.world.cluster.delete(fence());
    life.settle();
    assertThat(life.host()).isEqualTo(lost);
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void aMachineThatIsToStopGivesItsHostBack() {
    giveUp();
    life.runPolicy(VirtualMachine.RunPolicy.Stopped);
    life.settle();
    assertThat(life.status().placement()).isNull();
    assertThat(life.status().isReady()).isTrue();
    assertThat(life.starts()).isEqualTo(1);
  }

  @Test
  void aMachineThatIsDeletedIsGoneBeforeItsHostIsBack() {
    giveUp();
    life.delete();
    life.settle();
    assertThat(life.world.latest()).isEmpty();
  }

  @Test
  void withoutRoomItStaysAndGoesOnWhenThereIsSome() {
    life.world.hosts.host(other).reachable(false);
    giveUp();
    life.settle();
    assertThat(life.status().placement()).isNull();
    assertThat(life.status().phase()).isEqualTo("Recovering");
    assertThat(ready().reason()).isEqualTo("NoHostFits");
    life.world.hosts.host(other).reachable(true);
    life.settle();
    assertThat(life.host()).isEqualTo(other);
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void lessImportantMachinesYieldForATime() {
    VirtualMachine first = World.machine("first");
    first.setSpec(with(first.getSpec(), new VirtualMachine.Recovery(HostFailure.Restart, 900)));
    life.world.cluster.create(first);
    life.world.place("first", lost);
    life.world.storageAnswers = false;
    giveUp();
    life.pass();
    life.world.storage();
    life.pass();
    life.world.cluster.list(Attachment.class).forEach(life.world.cluster::removeFinalizer);
    life.pass();
    life.pass();
    assertThat(life.status().placement()).isNull();
    assertThat(ready().message()).contains("More important machines");
    life.settle();
    assertThat(life.host()).as("not for ever").isEqualTo(other);
  }

  @Test
  void theReserveIsForTheStartAfterTheLossAndForNoLaterOne() {
    life.world.hosts.host(other).reachable(false);
    giveUp();
    life.settle();
    VirtualMachine machine = life.machine();
    assertThat(mayUseReserve(machine)).isTrue();
    machine.setStatus(
        StatusOf.released(
            machine,
            new MachineModel().desired(),
            Story.placed(story(), life.world.clock.instant())));
    assertThat(mayUseReserve(machine)).as("placed, never Ready, and stopped").isFalse();
  }

  private boolean mayUseReserve(VirtualMachine machine) {
    Sight sight = new Sight(life.world.cluster, life.world.hosts);
    return new Recoveries(life.world.cluster, sight, life.world.clock).of(machine).mayUseReserve();
  }

  private void giveUp() {
    life.world.hosts.host(lost).reachable(false);
    fence(Fence.Stage.GivenUp);
  }

  private void fence(Fence.Stage stage) {
    fence(life.world, lost, stage);
  }

  private static void fence(World world, String host, Fence.Stage stage) {
    Fence fence = new Fence();
    fence.setMetadata(new ObjectMetaBuilder().withName(host).build());
    fence.setSpec(
        new Fence.Spec(
            stage,
            List.of("10.78.0.11"),
            false,
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:05Z",
            "silence"));
    world.cluster.create(fence);
  }

  private VirtualMachine.Recovered story() {
    return Optional.ofNullable(life.status().recovery()).orElseThrow();
  }

  private Fence fence() {
    return life.world.cluster.get(Fence.class, "", lost).orElseThrow();
  }

  private void recovery(VirtualMachine.Recovery asked) {
    life.edit(s -> with(s, asked));
  }

  private static VirtualMachine.Spec with(VirtualMachine.Spec s, VirtualMachine.Recovery recovery) {
    return new VirtualMachine.Spec(
        s.runPolicy(),
        s.instanceType(),
        s.vcpus(),
        s.memory(),
        s.cpuModel(),
        s.disks(),
        s.interfaces(),
        s.cloudInit(),
        s.placement(),
        s.readiness(),
        recovery);
  }

  private VirtualMachine.Placed placed() {
    return Optional.ofNullable(life.status().placement()).orElseThrow();
  }

  private Condition ready() {
    return life.status().condition(Condition.READY).orElseThrow();
  }
}
