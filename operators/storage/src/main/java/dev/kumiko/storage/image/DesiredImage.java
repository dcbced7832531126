package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Ownership;
import dev.kumiko.v1alpha1.StoragePool;
import java.util.Optional;

/**
 * The ask for one golden image, references resolved.
 *
 * @param storagePool name of the StoragePool
 * @param pool empty if there never was one of that name: then nothing can have been made
 * @param rbdName its final name in the pool
 * @param recordedId Ceph's id, once the status remembers one
 * @param order how to fill it; empty when it is to be gone
 */
record DesiredImage(
    String storagePool,
    Optional<StoragePool> pool,
    String rbdName,
    Ownership owner,
    Optional<String> recordedId,
    Optional<ImportOrder> order) {}
