package dev.kumiko.storage.ceph;

import dev.kumiko.reconcile.Ownership;
import java.util.Optional;

/** Whose an image is that has the name of ours. */
public enum Belonging {
  /** It carries our marker. */
  OURS,
  /** Ceph's id, or that nothing but our name is left, says that it is ours; its marker was lost. */
  UNMARKED,
  /** Somebody else made it: never to be touched. */
  FOREIGN;

  /**
   * Judges an image that has the name of the owner's.
   *
   * @param recordedId Ceph's id of the image as the resource's status remembers it
   */
  public static Belonging of(ImageFacts image, Ownership owner, Optional<String> recordedId) {
    if (Ownership.fromMap(image.meta()).equals(Optional.of(owner))) {
      return OURS;
    }
    if (image.isRemnant()) {
      return UNMARKED;
    }
    return recordedId.equals(Optional.of(image.id())) ? UNMARKED : FOREIGN;
  }
}
