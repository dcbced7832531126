package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Ownership;
import dev.kumiko.storage.ceph.Belonging;
import dev.kumiko.storage.ceph.ImageFacts;
import dev.kumiko.storage.work.WorkState;
import java.util.List;
import java.util.Optional;

/**
 * What the pool has of one golden image, and what this process does about it.
 *
 * @param image under the final name
 * @param partial under the name of what is not complete
 * @param clones the RBD images that still need it
 * @param work the import
 * @param removal that of the image under the final name
 */
record ObservedImage(
    Optional<Found> image,
    Optional<ImageFacts> partial,
    List<String> clones,
    WorkState work,
    WorkState removal) {
  ObservedImage {
    clones = List.copyOf(clones);
  }

  /** An image, and whose it is. */
  record Found(ImageFacts facts, Belonging belonging) {}

  boolean isForeign() {
    return image.map(found -> found.belonging() == Belonging.FOREIGN).orElse(false);
  }

  boolean isPartialMarked(Ownership owner) {
    return partial
        .map(facts -> Ownership.fromMap(facts.meta()).equals(Optional.of(owner)))
        .orElse(false);
  }

  /** Whether all content of the order is in the partial image. */
  boolean hasImported(ImportOrder order) {
    return partial
        .map(facts -> order.checksum().hex().equals(facts.meta().get(Importer.IMPORTED)))
        .orElse(false);
  }
}
