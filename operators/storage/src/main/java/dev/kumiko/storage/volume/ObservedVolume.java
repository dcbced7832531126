package dev.kumiko.storage.volume;

import dev.kumiko.storage.ceph.Belonging;
import dev.kumiko.storage.ceph.ImageFacts;
import dev.kumiko.storage.work.WorkState;
import java.util.Optional;

/**
 * What the pool has of one volume.
 *
 * @param image under the final name
 * @param partial under the name of what is not complete
 * @param removal that of the image under the final name
 */
record ObservedVolume(Optional<Found> image, Optional<ImageFacts> partial, WorkState removal) {

  /** An image, and whose it is. */
  record Found(ImageFacts facts, Belonging belonging) {}

  static ObservedVolume nothing() {
    return new ObservedVolume(Optional.empty(), Optional.empty(), new WorkState.Idle());
  }

  boolean isForeign() {
    return image.map(found -> found.belonging() == Belonging.FOREIGN).orElse(false);
  }
}
