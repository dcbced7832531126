package dev.kumiko.compute.vm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.Dial;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Hearing;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Shutdown;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class TempoTest {
  private static final UUID GUEST = new UUID(1, 2);
  private final Dial clock = new Dial();
  private final Tempo tempo = new Tempo(clock, Duration.ofSeconds(30));

  @Test
  void aGrantIsAsOldAsTheFirstLookAtItAndEachEpochHasItsOwn() {
    Instant first = tempo.granted(GUEST, 2);
    clock.turn(Duration.ofSeconds(1));
    assertThat(tempo.granted(GUEST, 2)).isEqualTo(first);
    assertThat(tempo.granted(GUEST, 3)).isEqualTo(clock.instant());
  }

  @Test
  void aGuestHasItsTimeToPowerOff() {
    assertThat(tempo.shutdown(GUEST)).isEqualTo(Shutdown.NOT_ASKED);
    tempo.shutdownAsked(GUEST);
    clock.turn(Duration.ofSeconds(29));
    tempo.shutdownAsked(GUEST);
    assertThat(tempo.shutdown(GUEST)).isEqualTo(Shutdown.ASKED);
    clock.turn(Duration.ofSeconds(1));
    assertThat(tempo.shutdown(GUEST)).isEqualTo(Shutdown.IGNORED);
    tempo.ended(GUEST);
    assertThat(tempo.shutdown(GUEST)).isEqualTo(Shutdown.NOT_ASKED);
  }

  @Test
  void aGuestThatIsToGoOnIsAskedAnewTheNextTime() {
    tempo.shutdownAsked(GUEST);
    tempo.goesOn(GUEST);
    clock.turn(Duration.ofDays(1));
    assertThat(tempo.shutdown(GUEST)).isEqualTo(Shutdown.NOT_ASKED);
  }

  @Test
  void twoStartsAreFreeThenPausesDoubleUpToAMinuteAndAreForgiven() {
    tempo.started(GUEST);
    assertThat(isDue()).isTrue();
    for (int pause : new int[] {2, 4, 8, 16, 32, 64, 64}) {
      tempo.started(GUEST);
      clock.turn(Duration.ofSeconds(pause - 1));
      assertThat(isDue()).as("before %d s", pause).isFalse();
      clock.turn(Duration.ofSeconds(1));
      assertThat(isDue()).as("after %d s", pause).isTrue();
    }
    clock.turn(Duration.ofMinutes(4));
    tempo.started(GUEST);
    assertThat(isDue()).isTrue();
  }

  /** Where it comes it has sent nothing yet. */
  @Test
  void whatAnsweredOnceIsNotHeardAnewWhenItMoves() {
    tempo.resumed(GUEST);
    assertThat(tempo.answers(GUEST, true, false)).isFalse();
    clock.turn(Duration.ofSeconds(4));
    assertThat(tempo.answers(GUEST, true, false)).isTrue();
    assertThat(tempo.answers(GUEST, false, false)).isTrue();
    tempo.ended(GUEST);
    assertThat(tempo.answers(GUEST, false, false)).isFalse();
  }

  private boolean isDue() {
    return tempo.of(GUEST, Hearing.ANSWERS, Optional.empty()).startIsDue();
  }
}
