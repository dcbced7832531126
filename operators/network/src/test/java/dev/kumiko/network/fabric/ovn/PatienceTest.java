package dev.kumiko.network.fabric.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PatienceTest {
  private Instant now = Instant.EPOCH;
  private final Patience patience = new Patience(Duration.ofSeconds(10), () -> now);

  @Test
  void isOverWhenOneStandsStillBehindTheNewest() {
    assertThat(patience.isOver(7, 9)).isFalse();
    now = now.plusSeconds(11);
    assertThat(patience.isOver(7, 10)).isTrue();
    assertThat(patience.isOver(8, 10)).isFalse();
  }

  @Test
  void beginsAnewForWhoCaughtUp() {
    patience.isOver(7, 9);
    now = now.plusSeconds(11);
    assertThat(patience.isOver(9, 9)).isFalse();
    assertThat(patience.isOver(9, 10)).isFalse();
  }

  @Test
  void whatDoesNotMoveIsIdleOncePerPeriod() {
    assertThat(patience.isIdle(7)).isFalse();
    now = now.plusSeconds(11);
    assertThat(patience.isIdle(7)).isTrue();
    assertThat(patience.isIdle(7)).isFalse();
    now = now.plusSeconds(11);
    assertThat(patience.isIdle(8)).isFalse();
  }
}
