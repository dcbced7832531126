package dev.kumiko.storage.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.storage.ceph.ImageWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SparseChunkTest {
  private static final int GRAIN = 64 << 10;

  @Test
  void zerosAreNotWritten() {
    assertThat(written(new byte[10 * GRAIN], 10 * GRAIN)).isEmpty();
  }

  @Test
  void neighbouringGrainsAreOneWrite() {
    byte[] chunk = new byte[10 * GRAIN];
    chunk[2 * GRAIN + 7] = 1;
    chunk[3 * GRAIN] = 2;
    chunk[6 * GRAIN - 1] = 3;
    assertThat(written(chunk, chunk.length))
        .containsExactly(new Run(1000 + 2L * GRAIN, 2 * GRAIN), new Run(1000 + 5L * GRAIN, GRAIN));
  }

  @Test
  void theLastGrainMayBeShort() {
    byte[] chunk = new byte[3 * GRAIN];
    Arrays.fill(chunk, (byte) 9);
    assertThat(written(chunk, 2 * GRAIN + 5)).containsExactly(new Run(1000, 2 * GRAIN + 5));
  }

  private record Run(long offsetBytes, int length) {}

  private static List<Run> written(byte[] chunk, int length) {
    List<Run> runs = new ArrayList<>();
    SparseChunk.write(
        new ImageWriter() {
          @Override
          public void write(long offsetBytes, byte[] content, int from, int bytes) {
            assertThat(offsetBytes).isEqualTo(1000 + from);
            runs.add(new Run(offsetBytes, bytes));
          }

          @Override
          public void finish() {}

          @Override
          public void close() {}
        },
        1000,
        chunk,
        length);
    return runs;
  }
}
