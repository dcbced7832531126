package dev.kumiko.storage.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Gives up on a source that trickles, so that it does not keep others from being imported. */
final class PacedStream extends FilterInputStream {
  /** A start may be slow: mirrors fetch what they do not have yet. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final long LEAST_BYTES_PER_SECOND = 64 << 10;

  private final InstantSource clock;
  private final Instant start;
  private long bytes;

  PacedStream(InputStream stream, InstantSource clock) {
    super(stream);
    this.clock = clock;
    this.start = clock.instant();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    int read = super.read(target, from, length);
    bytes += Math.max(0, read);
    Duration elapsed = Duration.between(start, clock.instant());
    if (read >= 0
        && elapsed.compareTo(PATIENCE) > 0
        && bytes / elapsed.toSeconds() < LEAST_BYTES_PER_SECOND) {
      throw new IOException(
          "the source is too slow: %d bytes in %d s".formatted(bytes, elapsed.toSeconds()));
    }
    return read;
  }
}
