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
  void withoutSabotageTheSameCasesHold() throws IOException {
    for (String name : List.of(MOVED, "freezes-and-is-back-right-after-recovery")) {
      assertThat(SimulatorTest.play(name, Sabotage.NONE)).isNotEmpty();
    }
  }
}
