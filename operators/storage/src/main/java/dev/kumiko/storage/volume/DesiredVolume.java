package dev.kumiko.storage.volume;

import dev.kumiko.reconcile.Ownership;
import dev.kumiko.storage.ceph.ImageSnapshot;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.Volume.DeletionPolicy;
import java.util.Optional;

/**
 * The ask for one volume, references resolved.
 *
 * @param storagePool name of the StoragePool
 * @param pool empty if there never was one of that name: then nothing can have been made
 * @param rbdName its final name in the pool
 * @param recordedId Ceph's id, once the status remembers one: then it was complete
 */
record DesiredVolume(
    String storagePool,
    Optional<StoragePool> pool,
    String rbdName,
    Ownership owner,
    Optional<String> recordedId,
    Source source,
    DeletionPolicy deletionPolicy) {

  /** What it starts from. */
  sealed interface Source {
    /** Zeros. */
    record Blank(long sizeBytes) implements Source {}

    /**
     * A copy on write of a golden image.
     *
     * @param baseBytes size of the golden image
     * @param sizeBytes least size of the volume
     */
    record Clone(ImageSnapshot base, long baseBytes, long sizeBytes) implements Source {}

    /** A cloud-init seed of what the Secret holds; as large as that needs. */
    record Seed(String namespace, String secretName) implements Source {}
  }

  /** The least size; zero for what is as large as its content. */
  long sizeBytes() {
    return switch (source) {
      case Source.Blank blank -> blank.sizeBytes();
      case Source.Clone clone -> clone.sizeBytes();
      case Source.Seed _ -> 0;
    };
  }
}
