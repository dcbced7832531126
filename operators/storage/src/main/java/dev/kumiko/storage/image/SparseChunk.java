package dev.kumiko.storage.image;

import dev.kumiko.storage.ceph.ImageWriter;
import java.util.Arrays;

/** Writes only what is not zeros, in runs of whole grains. */
final class SparseChunk {
  /** As qemu-img does: smaller holes are not worth a write of their own. */
  private static final int GRAIN_BYTES = 64 << 10;

  private static final byte[] ZEROS = new byte[GRAIN_BYTES];

  private SparseChunk() {}

  static void write(ImageWriter writer, long offsetBytes, byte[] chunk, int length) {
    int start = 0;
    while (start < length) {
      int end = start;
      while (end < length && !isZeros(chunk, end, length)) {
        end = Math.min(end + GRAIN_BYTES, length);
      }
      if (end > start) {
        writer.write(offsetBytes + start, chunk, start, end - start);
      }
      start = Math.min(end + GRAIN_BYTES, length);
    }
  }

  private static boolean isZeros(byte[] chunk, int at, int length) {
    int end = Math.min(at + GRAIN_BYTES, length);
    return Arrays.equals(chunk, at, end, ZEROS, 0, end - at);
  }
}
