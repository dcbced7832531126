package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Rejection;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What all imports of this process may write to the disk together.
 *
 * <p>Writing more than a Pod's volume may have gets the Pod evicted, whatever the disk has left.
 */
final class ScratchSpace {
  private final Path parent;
  private final long limitBytes;
  private long takenBytes;

  ScratchSpace(Path parent, long limitBytes) {
    this.parent = parent;
    this.limitBytes = limitBytes;
  }

  /** The room of one import, which gives back on close what it took. */
  Scratch open() throws IOException {
    return Scratch.below(parent, this);
  }

  /**
   * Takes {@code bytes} for an import that already has {@code alreadyBytes}.
   *
   * @throws Rejection when they would be too many even for an import that is alone
   * @throws IOException when other imports have to end first
   */
  synchronized void take(long bytes, long alreadyBytes) throws IOException {
    if (bytes > limitBytes - alreadyBytes) {
      throw new Rejection(
          "ImageTooLarge",
          "the import needs more than the %d bytes of scratch space: raise --scratch-gibibytes of the storage operator (scratch.gibibytes in the chart's values), or make the image smaller"
              .formatted(limitBytes));
    }
    if (bytes > limitBytes - takenBytes) {
      throw new IOException("the scratch space is full until another import ends");
    }
    takenBytes += bytes;
  }

  synchronized void giveBack(long bytes) {
    takenBytes -= bytes;
  }
}
