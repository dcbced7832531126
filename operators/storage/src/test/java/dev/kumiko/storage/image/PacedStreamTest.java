package dev.kumiko.storage.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PacedStreamTest {
  private static final int MIB = 1 << 20;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void aSlowStartIsAllowed() throws IOException {
    PacedStream stream = paced(10);
    now = now.plus(Duration.ofSeconds(60));
    assertThat(stream.read()).isZero();
  }

  @Test
  void aTrickleIsGivenUp() throws IOException {
    PacedStream stream = paced(10);
    assertThat(stream.read()).isZero();
    now = now.plus(Duration.ofSeconds(61));
    assertThatThrownBy(stream::read)
        .isInstanceOf(IOException.class)
        .hasMessage("the source is too slow: 2 bytes in 61 s");
  }

  @Test
  void aLongButSteadyDownloadGoesOn() throws IOException {
    PacedStream stream = paced(40 * MIB);
    for (int second = 0; second < 400; second += 10) {
      now = now.plus(Duration.ofSeconds(10));
      assertThat(stream.readNBytes(MIB)).hasSize(MIB);
    }
    assertThat(stream.read()).isEqualTo(-1);
  }

  private PacedStream paced(int bytes) {
    return new PacedStream(new ByteArrayInputStream(new byte[bytes]), () -> now);
  }
}
