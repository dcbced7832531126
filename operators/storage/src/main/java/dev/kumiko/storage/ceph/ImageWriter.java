package dev.kumiko.storage.ceph;

/** Write access to one image, with several writes under way at once; used by one thread. */
public interface ImageWriter extends AutoCloseable {

  /** Bytes written by one call at most. */
  int CHUNK_BYTES = 2 << 20;

  /**
   * Starts writing {@code content[from..from + length)}; the array may be used again on return. A
   * failure MAY show only at a later call, at the latest in {@link #finish}.
   */
  void write(long offsetBytes, byte[] content, int from, int length);

  /** Starts writing the whole array. */
  default void write(long offsetBytes, byte[] content) {
    write(offsetBytes, content, 0, content.length);
  }

  /** Waits until everything is written and durable; MUST throw if any write failed. */
  void finish();

  /** Gives up the image; what was not finished may be missing. */
  @Override
  void close();
}
