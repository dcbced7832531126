package dev.kumiko.compute.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.libvirt.Transfer;
import dev.kumiko.compute.migration.DesiredMigration.Machine;
import dev.kumiko.compute.migration.DesiredMigration.Order;
import dev.kumiko.compute.migration.DesiredMigration.Place;
import dev.kumiko.compute.migration.ObservedMigration.Choice;
import dev.kumiko.compute.migration.ObservedMigration.Routed;
import dev.kumiko.compute.migration.ObservedMigration.Side;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Migration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MigrationPlanTest {
  private static final UUID GUEST = new UUID(5, 1);
  private static final Route ROUTE = new Route("h1", "h2", 7);
  private static final MigrationAction END_THERE = new MigrationAction.EndRemnant("h2", GUEST, 7);
  private static final MigrationAction END = new MigrationAction.EndRemnant("h1", GUEST, 7);
  private static final Wait PORT = new Wait("Port", "web-eth0", "NotProgrammed", "not there yet");

  private boolean isToRun = true;
  private boolean isReconciled = true;
  private boolean isLeaving;
  private boolean postCopy;
  private boolean isBrief = true;
  private Migration.Phase phase = Migration.Phase.Running;
  private Side source = seen(GuestState.RUNNING);
  private Side target = seen(null);
  private Transfer transfer = new Transfer.None(Optional.empty());
  private List<Wait> missing = List.of();
  private boolean isOverdue;
  private boolean isFollowed;

  @Test
  void aHostThatWasChosenIsWrittenDownFirst() {
    assertThat(MigrationPlan.plan(desired(), new ObservedMigration.Open(new Choice.Go(ROUTE))))
        .containsExactly(new MigrationAction.Choose(ROUTE));
    isLeaving = true;
    assertThat(MigrationPlan.plan(desired(), new ObservedMigration.Open(new Choice.Go(ROUTE))))
        .isEmpty();
  }

  @Test
  void whatIsMissingIsWaitedForAndThenTheMoveBegins() {
    phase = Migration.Phase.Preparing;
    missing = List.of(PORT);
    assertThat(step()).isEqualTo(new Step.Await(PORT));
    missing = List.of();
    assertThat(step()).isEqualTo(new Step.Do(new MigrationAction.Start(GUEST, ROUTE)));
  }

  @Test
  void aMoveThatNobodyKnowsOfIsBegunAgain() {
    assertThat(step()).isEqualTo(new Step.Do(new MigrationAction.Start(GUEST, ROUTE)));
  }

  @Test
  void aFailureOfAnEarlierMoveIsNotThatOfThisOne() {
    transfer = new Transfer.None(Optional.of("no route to host"));
    phase = Migration.Phase.Preparing;
    assertThat(step()).isInstanceOf(Step.Do.class);
    phase = Migration.Phase.Running;
    assertOver(Migration.Phase.Failed, "MigrationFailed");
  }

  @Test
  void aMoveThatGoesOnIsLeftAlone() {
    ongoing(1, false);
    target = seen(GuestState.HELD);
    assertMigrating();
  }

  @Test
  void whatIsKnownToHaveStayedWaitsForNoTarget() {
    phase = Migration.Phase.Preparing;
    target = new Side.Silent("connection refused");
    assertThat(step())
        .isEqualTo(
            Step.Over.failed(
                "MigrationFailed",
                "The guest stays on host h1: connection refused; once that host answers, create"
                    + " another Migration (a drain does that by itself)."));
  }

  @Test
  void whatIsNotWantedOrTakesTooLongIsGivenUpOnce() {
    ongoing(1, false);
    isToRun = false;
    assertThat(action()).isInstanceOf(MigrationAction.Abort.class);
    isToRun = true;
    isOverdue = true;
    assertThat(action()).isInstanceOf(MigrationAction.Abort.class);
    isOverdue = false;
    isLeaving = true;
    assertThat(action()).isInstanceOf(MigrationAction.Abort.class);
    transfer = new Transfer.Ongoing(progress(1, false), true, true);
    assertMigrating();
  }

  @Test
  void postCopyBeginsWithTheSecondRoundAndIsNeverGivenUp() {
    postCopy = true;
    ongoing(1, false);
    assertMigrating();
    ongoing(2, false);
    assertThat(action()).isEqualTo(new MigrationAction.SwitchToPostCopy("h1", GUEST));
    ongoing(2, true);
    isOverdue = true;
    assertMigrating();
  }

  @Test
  void aGuestThatWritesMuchIsAllowedALongerPause() {
    ongoing(7, false);
    assertMigrating();
    ongoing(8, false);
    assertThat(action()).isEqualTo(new MigrationAction.AllowLongerPause("h1", GUEST));
    isBrief = false;
    ongoing(8, false);
    assertMigrating();
  }

  @Test
  void itSucceedsWhenTheGuestIsThereOnlyAndItsMachineKnows() {
    target = seen(GuestState.PAUSED);
    source = seen(null);
    assertMigrating();
    isFollowed = true;
    assertMigrating();
    target = seen(GuestState.RUNNING);
    assertOver(Migration.Phase.Succeeded, "Ready");
  }

  /** libvirt has let the source go on, because it did not hear of the target. */
  @Test
  void whatHasComeIsEndedWhenItsSourceGoesOn() {
    target = seen(GuestState.PAUSED);
    for (GuestState goesOn :
        List.of(
            GuestState.RUNNING,
            GuestState.PAUSED,
            GuestState.HELD,
            GuestState.PAUSED_BY_IO_ERROR,
            GuestState.OTHER_ACTIVE)) {
      source = seen(goesOn);
      for (GuestState waits : List.of(GuestState.PAUSED, GuestState.SHUTTING_DOWN)) {
        target = seen(waits);
        assertThat(action()).isEqualTo(END_THERE);
      }
    }
    source = seen(GuestState.SHUTTING_DOWN);
    assertMigrating();
    phase = Migration.Phase.Preparing;
    source = seen(GuestState.RUNNING);
    assertThat(action()).isEqualTo(END_THERE);
  }

  /** A source that was ended for the move is not defined any more. */
  @Test
  void whatHasComeIsEndedWhenItsSourceWentOnAndHasEnded() {
    target = seen(GuestState.PAUSED);
    source = new Side.Seen(Optional.empty(), true);
    assertThat(action()).isEqualTo(END_THERE);
    source = new Side.GivenUp();
    assertOver(Migration.Phase.Failed, "HostLost");
    isFollowed = true;
    assertMigrating();
  }

  @Test
  void whatWouldNotBeLetRunAtItsTargetIsNotMoved() {
    isReconciled = false;
    assertThat(step())
        .isInstanceOfSatisfying(
            Step.Await.class, await -> assertThat(await.on().reason()).isEqualTo("NotReconciled"));
    ongoing(1, false);
    assertThat(action()).isInstanceOf(MigrationAction.Abort.class);
  }

  /** Only a guest that may come by post-copy runs before its source is gone. */
  @Test
  void whatTheGuestLeftBehindIsEnded() {
    target = seen(GuestState.RUNNING);
    source = seen(GuestState.PAUSED);
    assertThat(action()).isEqualTo(END);
    source = seen(GuestState.RUNNING);
    assertThat(action()).isEqualTo(END);
    phase = Migration.Phase.Preparing;
    assertMigrating();
  }

  @Test
  void aGuestThatIsThereHasArrivedWhateverBecameOfItsSource() {
    source = new Side.GivenUp();
    target = seen(GuestState.RUNNING);
    isFollowed = true;
    assertOver(Migration.Phase.Succeeded, "Ready");
  }

  @Test
  void aGuestThatIsLostWithAHostWasNotMoved() {
    source = new Side.GivenUp();
    assertOver(Migration.Phase.Failed, "HostLost");
    target = seen(GuestState.HELD);
    assertOver(Migration.Phase.Failed, "HostLost");
    source = seen(null);
    target = new Side.GivenUp();
    assertOver(Migration.Phase.Failed, "HostLost");
  }

  @Test
  void whatStandsStillIsEndedWhenTheTargetIsLostAndMayHaveRun() {
    postCopy = true;
    source = seen(GuestState.PAUSED);
    target = new Side.GivenUp();
    assertThat(action()).isEqualTo(END);
    ongoing(3, true);
    assertThat(action()).isEqualTo(END);
  }

  @Test
  void whatStandsStillIsTheGuestAsLongAsTheTargetCannotHaveRun() {
    source = seen(GuestState.HELD);
    for (Side other : List.of(seen(null), seen(GuestState.HELD), new Side.GivenUp())) {
      target = other;
      ongoing(3, true);
      assertMigrating();
      transfer = new Transfer.None(Optional.empty());
      assertOver(Migration.Phase.Failed, "MigrationFailed");
    }
  }

  /** The target had it, and has lost it: a host that was let in again, or a guest that ended. */
  @Test
  void whatStandsStillAfterPostCopyIsEndedWhateverIsWanted() {
    postCopy = true;
    source = seen(GuestState.PAUSED);
    assertThat(action()).isEqualTo(END);
    isLeaving = true;
    assertThat(action()).isEqualTo(END);
    isToRun = false;
    assertThat(action()).isEqualTo(END);
    phase = Migration.Phase.Preparing;
    assertOver(Migration.Phase.Cancelled, "Cancelled");
  }

  @Test
  void whatIsLeftOfAGuestThatWasTornApartIsEndedWhenItsTimeIsUp() {
    postCopy = true;
    ongoing(2, true);
    source = seen(GuestState.PAUSED);
    assertMigrating();
    isOverdue = true;
    assertThat(action()).isEqualTo(END);
    target = seen(GuestState.RUNNING);
    assertMigrating();
  }

  @Test
  void aGuestThatDoesNotRunAnyMoreWasNotMoved() {
    source = seen(null);
    assertOver(Migration.Phase.Failed, "NotRunning");
    source = seen(GuestState.PAUSED_BY_IO_ERROR);
    assertOver(Migration.Phase.Failed, "NotRunning");
  }

  @Test
  void aMachineThatIsToStopStaysWhereItIs() {
    isToRun = false;
    assertOver(Migration.Phase.Cancelled, "Cancelled");
  }

  @Test
  void theDeadlineSaysWhatWasMissingAtLast() {
    isOverdue = true;
    missing = List.of(PORT);
    assertOver(Migration.Phase.Failed, "DeadlineExceeded");
    assertThat(((Step.Over) step()).message()).contains("not there yet");
  }

  @Test
  void whatIsOverStaysUntilItsMachineIsGone() {
    ObservedMigration settled = new ObservedMigration.Settled();
    assertThat(MigrationPlan.plan(desired(), settled)).isEmpty();
    assertThat(MigrationPlan.plan(orphan(), settled)).containsExactly(new MigrationAction.Forget());
    isLeaving = true;
    assertThat(MigrationPlan.plan(orphan(), settled)).isEmpty();
  }

  /** Every state of both hosts that answer, with a move and without. */
  static Stream<Routed> states() {
    List<Optional<GuestState>> all = new ArrayList<>();
    all.add(Optional.empty());
    Stream.of(GuestState.values())
        .filter(GuestState::isActive)
        .forEach(s -> all.add(Optional.of(s)));
    List<Transfer> transfers =
        List.of(
            new Transfer.None(Optional.empty()),
            new Transfer.None(Optional.of("broken")),
            new Transfer.Ongoing(progress(1, false), false, true));
    return transfers.stream()
        .flatMap(t ->
            all.stream()
                .flatMap(here ->
                    all.stream()
                        .flatMap(there ->
                            Stream.of(true, false)
                                .map(followed ->
                                    new Routed(
                                        true,
                                        new Side.Seen(here, here.isPresent()),
                                        new Side.Seen(there, there.isPresent()),
                                        t,
                                        List.of(),
                                        false,
                                        followed,
                                        Optional.empty())))));
  }

  @ParameterizedTest
  @MethodSource("states")
  void itIsOverOnlyWhenAtMostOneHostHasTheGuestAndNothingGoesOn(Routed routed) {
    if (MigrationPlan.step(desired(), routed) instanceof Step.Over(Migration.Phase end, _, _)) {
      assertThat(routed.isDecided()).isTrue();
      assertThat(routed.transfer()).isInstanceOf(Transfer.None.class);
      assertThat(end == Migration.Phase.Succeeded)
          .isEqualTo(routed.isHandedOver() && routed.source().state().isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("states")
  void aGuestThatRunsNowhereElseIsNeverEnded(Routed routed) {
    assertThat(MigrationPlan.plan(desired(), routed))
        .filteredOn(MigrationAction.EndRemnant.class::isInstance)
        .allSatisfy(action -> {
          assertThat(routed.transfer()).isInstanceOf(Transfer.None.class);
          if (((MigrationAction.EndRemnant) action).host().equals("h2")) {
            assertThat(routed.runsThere()).isFalse();
            assertThat(routed.source().state()).isPresent();
          } else {
            assertThat(routed.runsThere() || routed.isFollowed()).isTrue();
          }
        });
  }

  private static Side seen(@Nullable GuestState state) {
    return new Side.Seen(Optional.ofNullable(state), state != null);
  }

  private void ongoing(long iteration, boolean isPostCopy) {
    transfer = new Transfer.Ongoing(progress(iteration, isPostCopy), false, isBrief);
  }

  private static Transfer.Progress progress(long iteration, boolean isPostCopy) {
    return new Transfer.Progress(3, 2, 5, iteration, isPostCopy, Duration.ZERO);
  }

  private void assertMigrating() {
    assertThat(step())
        .isInstanceOfSatisfying(
            Step.Await.class, await -> assertThat(await.on().reason()).isEqualTo("Migrating"));
  }

  private void assertOver(Migration.Phase end, String reason) {
    assertThat(step())
        .isInstanceOfSatisfying(
            Step.Over.class,
            over -> {
              assertThat(over.phase()).isEqualTo(end);
              assertThat(over.reason()).isEqualTo(reason);
              if (end == Migration.Phase.Failed) {
                assertThat(over.message())
                    .as("what the user can do")
                    .containsAnyOf(
                        "create another Migration",
                        "see the Fence",
                        "give it more time",
                        "missing at last");
              }
            });
  }

  private MigrationAction action() {
    return ((Step.Do) step()).action();
  }

  private Step step() {
    return MigrationPlan.step(
        desired(),
        new Routed(
            phase == Migration.Phase.Running,
            source,
            target,
            transfer,
            missing,
            isOverdue,
            isFollowed,
            Optional.empty()));
  }

  private DesiredMigration desired() {
    return desired(
        Optional.of(
            new Machine(
                GUEST,
                isToRun,
                isReconciled,
                true,
                Optional.of(new Place("h1", 7)),
                List.of("web-root"),
                List.of("web-eth0"))));
  }

  private DesiredMigration orphan() {
    return desired(Optional.empty());
  }

  private DesiredMigration desired(Optional<Machine> machine) {
    return new DesiredMigration(
        new UUID(5, 2),
        "acme",
        "web",
        machine,
        new Order(
            Optional.empty(), OptionalInt.empty(), true, postCopy, Duration.ofSeconds(90), false),
        phase,
        Optional.of(ROUTE),
        Optional.empty(),
        Map.of(),
        Map.of(),
        isLeaving);
  }
}
