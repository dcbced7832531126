package dev.kumiko.app.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The invariants are seen to break where a safeguard is taken away on purpose. */
final class SabotageTest {
  private static final String MOVED = "a-stale-leader-cannot-resume-what-was-moved";
  private static final String UNHEARD = "the-answer-of-a-target-is-lost";
  private static final String UNGRANTED = "a-move-waits-for-its-grant";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "freezes-for-good",
        "freezes-and-is-back-right-after-recovery",
        "loses-both-networks-and-is-back-much-later",
        "management-is-cut-and-a-person-gives-it-up",
        "a-frozen-guest-thaws-beside-its-successor"
      })
  void whereTheFenceIsSkipped(String name) {
    assertThatThrownBy(() -> SimulatorTest.play(name, Sabotage.FENCE_SKIPPED))
        .isInstanceOf(Broken.class)
        .hasMessageContaining("a host that was given up stays refused");
  }

  /** As soon as an old guest writes beside its successor. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "freezes-and-is-back-right-after-recovery",
        "loses-both-networks-and-is-back-much-later",
        "management-is-cut-and-a-person-gives-it-up",
        "a-frozen-guest-thaws-beside-its-successor"
      })
  void whereTheFenceIsSkippedUnseen(String name) {
    assertThatThrownBy(() -> SimulatorTest.play(name, Sabotage.FENCE_SKIPPED_UNSEEN))
        .isInstanceOf(Broken.class)
        .hasMessageContaining("one writer per disk");
  }

  @Test
  void whereTheCheckBeforeResumeIsSkipped() {
    assertThatThrownBy(() -> SimulatorTest.play(MOVED, Sabotage.CHECK_SKIPPED))
        .isInstanceOf(Broken.class)
        .hasMessageContaining("a guest runs only where it is placed and granted");
  }

  @Test
  void whereAGuestIsNotStartedPaused() {
    assertThatThrownBy(() -> SimulatorTest.play(MOVED, Sabotage.START_AT_ONCE))
        .isInstanceOf(Broken.class)
        .hasMessageContaining("a guest runs only where it is placed and granted");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "freezes-and-is-back-right-after-recovery",
        "loses-both-networks-and-is-back-before-watches-time-out",
        "a-frozen-guest-thaws-while-no-operator-runs"
      })
  void whereAHostIsLetInBeforeItsOldGuestsAreEnded(String name) {
    assertThatThrownBy(() -> SimulatorTest.play(name, Sabotage.UNFENCED_EARLY))
        .isInstanceOf(Broken.class)
        .hasMessageContaining("one writer per disk");
  }

  @Test
  void whereAGuestRunsAtItsTargetBeforeItsSourceIsGone() {
    assertThatThrownBy(() -> SimulatorTest.play(UNHEARD, Sabotage.ARRIVED_AT_ONCE))
        .isInstanceOf(Broken.class)
        .hasMessageContaining("one writer per disk");
  }

  @Test
  void whereAMoveDoesNotWaitForItsGrant() {
    assertThatThrownBy(() -> SimulatorTest.play(UNGRANTED, Sabotage.GRANT_ASSUMED))
        .isInstanceOf(Broken.class)
        .hasMessageContaining("a move begins only where both hosts are granted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a-drain-is-taken-back-half-way", "a-drain-becomes-a-cordon-half-way"})
  void whereADrainGoesOnThatWasTakenBack(String name) {
    assertThatThrownBy(() -> SimulatorTest.play(name, Sabotage.DRAIN_GOES_ON))
        .isInstanceOf(Broken.class)
        .hasMessageContaining("no guest begins to leave a host whose drain was taken back");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a-host-is-drained", "many-guests-move-at-a-time"})
  void whereMovesDoNotSeeEachOther(String name) {
    assertThatThrownBy(() -> SimulatorTest.play(name, Sabotage.LIMITS_FORGOTTEN))
        .isInstanceOf(Broken.class)
        .hasMessageContaining("few guests are moved at a time");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a-guest-moves", "a-host-is-drained"})
  void whereAGuestIsEndedInsteadOfMoved(String name) {
    assertThatThrownBy(() -> SimulatorTest.play(name, Sabotage.MOVED_BY_A_STOP))
        .isInstanceOf(Broken.class)
        .hasMessageContaining("a machine that is to run is stopped by nobody");
  }

  @Test
  void withoutSabotageTheSameCasesHold() throws IOException {
    for (String name : List.of(MOVED, "freezes-and-is-back-right-after-recovery")) {
      assertThat(SimulatorTest.play(name, Sabotage.NONE)).isNotEmpty();
    }
  }
}
