package dev.kumiko.compute.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.placement.Setbacks;
import dev.kumiko.compute.vm.World;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MigrationLifeTest {
  private static final String AWAY = "away";
  private final MigrationWorld world = new MigrationWorld();
  private final MigrationLife life = new MigrationLife(world);

  private static Migration.Spec spec() {
    return new Migration.Spec("web", null, null, 600, true, false);
  }

  private static Migration.Spec to(String host) {
    return new Migration.Spec("web", host, 100, 600, true, false);
  }

  @Test
  void theGuestGoesOnElsewhereAndItsMachineFollows() {
    life.create(AWAY, spec());
    life.passes(15);
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Succeeded);
    assertThat(life.status(AWAY).isReady()).isTrue();
    assertThat(life.status(AWAY))
        .extracting(
            Migration.Status::source,
            Migration.Status::target,
            Migration.Status::epoch,
            Migration.Status::progressPercent,
            Migration.Status::downtimeMilliseconds)
        .containsExactly("h1", "h2", 1L, 100, 40L);
    assertThat(life.done)
        .containsExactly(
            "choose host h2 for the guest of host h1", "move the guest from host h1 to host h2");
    assertThat(world.on("h1")).isEmpty();
    assertThat(world.on("h2")).contains(GuestState.RUNNING);
    assertThat(world.starts()).isEqualTo(1);
    assertPlacedOn("h2");
  }

  /** Wherever it is: only there it may write and be reached, as the same start of it. */
  private void assertPlacedOn(String host) {
    world.neighbours();
    world.neighbours();
    assertThat(machine().observed().placement()).isEqualTo(new VirtualMachine.Placed(host, 1L));
    assertThat(machine().observed().isReady()).isTrue();
    Attachment attachment =
        world.cluster().get(Attachment.class, MigrationWorld.TENANT, "web-root").orElseThrow();
    assertThat(attachment.getSpec().hosts()).containsExactly(host);
    assertThat(attachment.getSpec().epoch()).isEqualTo(1L);
    assertThat(
            world
                .cluster()
                .get(Port.class, MigrationWorld.TENANT, "web-eth0")
                .orElseThrow()
                .getSpec()
                .hosts())
        .containsExactly(host);
  }

  private VirtualMachine machine() {
    return world.machine().orElseThrow();
  }

  @Test
  void whileItMovesBothHostsMayHaveItAndItsMachineStaysReady() {
    begin();
    world.host("h1").holdMoves(true);
    life.passes(10);
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Running);
    assertThat(life.reason(AWAY)).isEqualTo("Migrating");
    assertThat(world.on("h1")).contains(GuestState.RUNNING);
    assertThat(world.on("h2")).contains(GuestState.HELD);
    assertThat(machine().observed().isReady()).isTrue();
    assertThat(machine().observed().placement()).isEqualTo(new VirtualMachine.Placed("h1", 1L));
    world.host("h1").holdMoves(false);
    life.passes(10);
    assertPlacedOn("h2");
  }

  @Test
  void aGuestThatAnsweredAndMovesIsNotTakenForOneThatBoots() {
    onItsWay();
    life.passes(10);
    assertThat(world.told).endsWith("NotAnswering").doesNotContain("Booting");
    world.around.guestsAnswer(true);
    assertPlacedOn("h2");
  }

  @Test
  void neitherDoesAnOperatorThatBeginsWhileItIsOnItsWay() {
    onItsWay();
    world.restartMachines();
    life.passes(10);
    assertThat(world.told).endsWith("NotAnswering").doesNotContain("Booting");
    world.around.guestsAnswer(true);
    assertPlacedOn("h2");
  }

  /** It stands still at its source, its machine says so, and it will not answer where it comes. */
  private void onItsWay() {
    probed();
    life.create(AWAY, spec());
    world.host("h1").holdMoves(true);
    life.passes(3);
    world.host("h1").become(world.guest(), GuestState.HELD);
    life.pass();
    assertThat(world.told.getLast()).isEqualTo("Migrating");
    world.host("h1").holdMoves(false);
    world.around.guestsAnswer(false);
  }

  /** From now on it is asked on a port, and answers. */
  private void probed() {
    VirtualMachine edited = machine();
    edited.setSpec(World.with(edited.getSpec(), new VirtualMachine.ReadinessProbe(22, null)));
    world.cluster().apply(edited);
    for (int i = 0; i < 3; i++) {
      world.neighbours();
    }
    assertThat(machine().observed().isReady()).isTrue();
    world.told.clear();
  }

  @Test
  void itsProgressIsToldInSteps() {
    begin();
    world.host("h1").holdMoves(true);
    life.passes(3);
    long writes = world.cluster().writes();
    life.passes(5);
    assertThat(world.cluster().writes()).isEqualTo(writes);
    world.host("h1").holdMoves(false);
    life.pass();
    assertThat(life.status(AWAY).progressPercent()).isPositive().isLessThan(100);
    assertThat(life.status(AWAY).bytesTotal()).isEqualTo(4L << 20);
  }

  @Test
  void whoWaitsForItsTurnIsAskedAgainAtOnceWhenAMoveIsOver() {
    begin();
    Migration next = life.create("next", spec());
    assertThat(life.wokenBy(AWAY)).isEmpty();
    life.delete("next");
    while (life.status(AWAY).phase() != Migration.Phase.Succeeded) {
      life.pass();
    }
    life.create("next", spec());
    assertThat(life.wokenBy(AWAY)).containsExactly(ObjectKey.of(next));
    world.around.clock().turn(Duration.ofMinutes(1));
    assertThat(life.wokenBy(AWAY)).isEmpty();
  }

  @Test
  void deletingItGivesTheMoveUp() {
    begin();
    life.delete(AWAY);
    life.passes(5);
    assertThat(life.latest(AWAY)).isEmpty();
    assertThat(life.done).last().asString().startsWith("give up the move from host h1");
    assertThat(world.on("h2")).isEmpty();
    assertPlacedOn("h1");
  }

  @Test
  void deletingItAfterTheGuestLeftWaitsForItsMachine() {
    begin();
    while (world.on("h1").isPresent()) {
      world.host("h1").transfer(world.guest());
    }
    life.delete(AWAY);
    life.passes(5);
    assertThat(life.latest(AWAY)).isEmpty();
    assertPlacedOn("h2");
  }

  @Test
  void anotherOperatorGoesOnInTheMiddle() {
    begin();
    life.restart();
    life.passes(15);
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Succeeded);
    assertThat(life.done).filteredOn(a -> a.startsWith("move")).hasSize(1);
    assertPlacedOn("h2");
  }

  @Test
  void aMoveThatFailsSaysWhyAndTheGuestStays() {
    world.host("h1").refuseMoves(Optional.of("certificate has expired"));
    life.create(AWAY, spec());
    life.passes(10);
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Failed);
    assertThat(life.reason(AWAY)).isEqualTo("MigrationFailed");
    assertThat(life.message(AWAY)).contains("certificate has expired");
    assertThat(life.status(AWAY).endedAt()).isNotNull();
    assertPlacedOn("h1");
  }

  @Test
  void aMoveThatTakesTooLongIsGivenUp() {
    life.create(AWAY, new Migration.Spec("web", null, null, 100, true, false));
    world.host("h1").holdMoves(true);
    life.passes(20);
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Failed);
    assertThat(life.reason(AWAY)).isEqualTo("DeadlineExceeded");
    assertPlacedOn("h1");
  }

  @Test
  void hostsThatCannotBePreparedAreWaitedForUntilTheDeadline() {
    world.around.networkAnswers(false);
    life.create(AWAY, new Migration.Spec("web", null, null, 100, true, false));
    life.passes(5);
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Preparing);
    assertThat(life.reason(AWAY)).isEqualTo("NotProgrammed");
    life.passes(10);
    assertThat(life.reason(AWAY)).isEqualTo("DeadlineExceeded");
    assertThat(life.message(AWAY)).contains("Port web-eth0 is not programmed on host h2");
    world.around.networkAnswers(true);
    assertPlacedOn("h1");
  }

  @Test
  void aGuestIsNotMovedWhereItsProcessorCannotBeRun() {
    edit(VirtualMachine.RunPolicy.Stopped, "EPYC-Rome");
    life.passes(20);
    edit(VirtualMachine.RunPolicy.Always, "EPYC-Rome");
    life.passes(20);
    assertThat(world.on("h1")).contains(GuestState.RUNNING);
    life.create(AWAY, to("h2"));
    life.create("anywhere", spec());
    life.passes(5);
    assertThat(life.reason(AWAY)).isEqualTo("CpuModelMissing");
    assertThat(life.message(AWAY)).contains("host h2 cannot run the guest's cpuModel EPYC-Rome");
    assertThat(life.reason("anywhere")).isEqualTo("NoHostFits");
    assertThat(life.message("anywhere")).contains("1 CpuModelMissing");
    assertThat(life.done).isEmpty();
  }

  private void edit(VirtualMachine.RunPolicy policy, @Nullable String cpuModel) {
    VirtualMachine edited = machine();
    VirtualMachine.Spec s = edited.getSpec();
    edited.setSpec(
        new VirtualMachine.Spec(
            policy,
            s.instanceType(),
            s.vcpus(),
            s.memory(),
            cpuModel,
            s.disks(),
            s.interfaces(),
            s.cloudInit(),
            s.placement(),
            s.readiness(),
            s.recovery()));
    world.cluster().apply(edited);
  }

  @Test
  void aMachineThatIsToStopMeanwhileIsNotMovedAndStops() {
    begin();
    edit(VirtualMachine.RunPolicy.Stopped, null);
    life.passes(20);
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Cancelled);
    assertThat(life.reason(AWAY)).isEqualTo("Cancelled");
    assertThat(machine().observed().phase()).isEqualTo("Stopped");
    assertThat(world.on("h1")).isEmpty();
    assertThat(world.on("h2")).isEmpty();
  }

  @Test
  void aMachineThatIsDeletedMeanwhileGoesAndTakesTheRecordAlong() {
    begin();
    world.cluster().delete(machine());
    life.passes(20);
    assertThat(world.machine()).isEmpty();
    assertThat(life.latest(AWAY)).isEmpty();
    assertThat(world.on("h1")).isEmpty();
    assertThat(world.on("h2")).isEmpty();
  }

  @Test
  void aGuestThatEndsOnItsWayIsStartedAnewWhereItWas() {
    begin();
    world.host("h1").powerOff(world.guest());
    life.passes(12);
    assertThat(life.reason(AWAY)).isEqualTo("NotRunning");
    assertThat(machine().observed().placement()).isEqualTo(new VirtualMachine.Placed("h1", 2L));
    assertThat(world.on("h1")).contains(GuestState.RUNNING);
    assertThat(world.on("h2")).isEmpty();
  }

  @Test
  void aHostThatDoesNotAnswerIsWaitedFor() {
    begin();
    world.host("h2").reachable(false);
    life.passes(5);
    assertThat(life.reason(AWAY)).isEqualTo("EndpointUnavailable");
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Running);
    world.host("h2").reachable(true);
    life.passes(10);
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Succeeded);
    assertPlacedOn("h2");
  }

  @Test
  void aSourceThatWasGivenUpEndsTheMove() {
    begin();
    world.host("h1").reachable(false);
    giveUp("h1");
    life.passes(3);
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Failed);
    assertThat(life.reason(AWAY)).isEqualTo("HostLost");
  }

  /** Whether its source went on after it had come is not known any more. */
  @Test
  void aGuestThatWaitsWhenItsSourceIsGivenUpIsStartedAnew() {
    leave(spec());
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Failed);
    assertThat(life.reason(AWAY)).isEqualTo("HostLost");
    life.passes(8);
    assertThat(machine().observed().placement()).isEqualTo(new VirtualMachine.Placed("h2", 2L));
    assertThat(world.starts()).isEqualTo(2);
  }

  @Test
  void aGuestThatCameByPostCopyStaysWhereItRunsWhenItsSourceIsGivenUp() {
    leave(new Migration.Spec("web", null, null, 600, true, true));
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Succeeded);
    assertPlacedOn("h2");
  }

  private void leave(Migration.Spec spec) {
    begin(spec);
    while (world.on("h1").isPresent()) {
      world.host("h1").transfer(world.guest());
    }
    world.host("h1").reachable(false);
    giveUp("h1");
    life.passes(3);
  }

  private void giveUp(String host) {
    Fence fence = new Fence();
    fence.setMetadata(new ObjectMetaBuilder().withName(host).build());
    fence.setSpec(new Fence.Spec(Fence.Stage.GivenUp, List.of(), false, null, null, null));
    world.cluster().create(fence);
  }

  @Test
  void postCopyLetsTheGuestGoOnBeforeItIsAllThere() {
    life.create(AWAY, new Migration.Spec("web", null, null, 600, true, true));
    life.passes(15);
    assertThat(life.done)
        .contains("let the guest go on at its target before all of its memory is there");
    assertPlacedOn("h2");
  }

  @Test
  void aGuestIsNotMovedToWhereItIs() {
    life.create(AWAY, to("h1"));
    life.passes(2);
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Failed);
    assertThat(life.reason(AWAY)).isEqualTo("AlreadyThere");
    assertThat(life.done).isEmpty();
  }

  @Test
  void oneThatNamesNoMachineOrNoHostWaitsForIt() {
    life.create(AWAY, new Migration.Spec("nobody", null, null, 600, true, false));
    life.create("astray", to("h9"));
    life.passes(2);
    assertThat(life.reason(AWAY)).isEqualTo("VirtualMachineNotFound");
    assertThat(life.reason("astray")).isEqualTo("HostNotFound");
    assertThat(life.status("astray").phase()).isEqualTo(Migration.Phase.Pending);
  }

  @Test
  void aGuestThatDoesNotRunIsWaitedFor() {
    world.host("h1").become(world.guest(), GuestState.PAUSED_BY_IO_ERROR);
    life.create(AWAY, spec());
    life.pass();
    assertThat(life.reason(AWAY)).isEqualTo("NotRunning");
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Pending);
  }

  @Test
  void aSecondMoveOfAGuestWaitsForTheFirst() {
    begin();
    world.host("h1").holdMoves(true);
    life.create("again", to("h2"));
    life.passes(2);
    assertThat(life.reason("again")).isEqualTo("MigrationInProgress");
    world.host("h1").holdMoves(false);
    life.passes(12);
    assertThat(life.reason("again")).isEqualTo("AlreadyThere");
  }

  @Test
  void aDrainsNextMoveAvoidsTheTargetOfTheLast() {
    drain("web-drain");
    failsToReachItsTarget("web-drain");
    drain("web-drain-2");
    life.pass();
    assertThat(life.status("web-drain-2").phase()).isEqualTo(Migration.Phase.Pending);
    assertThat(life.message("web-drain-2"))
        .matches(
            "no other host may or can take the guest: a move to host h2 failed, it is tried again"
                + " at .*Z");
    world.around.clock().turn(Duration.ofSeconds(31));
    life.passes(15);
    assertPlacedOn("h2");
  }

  @Test
  void aUsersMoveAvoidsNoTarget() {
    drain("web-drain");
    failsToReachItsTarget("web-drain");
    begin();
    life.passes(10);
    assertPlacedOn("h2");
  }

  private void failsToReachItsTarget(String name) {
    life.pass();
    assertThat(life.status(name).phase()).isEqualTo(Migration.Phase.Preparing);
    world.fail("libvirt/h2");
    life.pass();
    assertThat(life.status(name).phase()).isEqualTo(Migration.Phase.Failed);
    assertThat(life.reason(name)).isEqualTo("MigrationFailed");
    world.heal("libvirt/h2");
  }

  @Test
  void aUsersMoveWaitsForItsTarget() {
    life.create(AWAY, spec());
    life.pass();
    world.fail("libvirt/h2");
    life.passes(3);
    assertThat(life.status(AWAY).phase()).isEqualTo(Migration.Phase.Preparing);
  }

  private void drain(String name) {
    Migration migration = MigrationWorld.migration(name, spec());
    migration.getMetadata().setLabels(Map.of(Setbacks.DRAINS, "h1"));
    world.cluster().create(migration);
  }

  @Test
  void aProcessThatLostItsLeaseMovesNothing() {
    world.leads = false;
    life.create(AWAY, spec());
    life.passes(8);
    assertThat(world.on("h2")).isEmpty();
    assertThat(life.done).contains("conflict: this process may not move guests any more");
  }

  private void begin() {
    begin(spec());
  }

  /** The guest is on its way. */
  private void begin(Migration.Spec spec) {
    life.create(AWAY, spec);
    for (int i = 0; i < 10 && world.on("h2").isEmpty(); i++) {
      life.pass();
    }
    assertThat(world.on("h2")).contains(GuestState.HELD);
  }
}
