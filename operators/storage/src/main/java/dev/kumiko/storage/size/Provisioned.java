package dev.kumiko.storage.size;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.Volume;
import java.util.Objects;
import java.util.Optional;

/** What is promised of a pool: the sizes of the volumes and images in it, however full they are. */
public final class Provisioned {
  private Provisioned() {}

  /** A volume or image counts once it is made. */
  public static BinarySize of(Cluster cluster, String storagePool) {
    long volumes =
        cluster.list(Volume.class).stream()
            .filter(volume -> volume.getSpec().pool().equals(storagePool))
            .mapToLong(volume -> Optional.ofNullable(volume.observed().sizeBytes()).orElse(0L))
            .sum();
    long images =
        cluster.list(Image.class).stream()
            .filter(image -> image.getSpec().pool().equals(storagePool))
            .map(image -> image.observed().size())
            .filter(Objects::nonNull)
            .mapToLong(size -> BinarySize.read(size).bytes())
            .sum();
    return new BinarySize(volumes + images);
  }

  /** What may be promised of a pool whose capacity is known. */
  public static Optional<BinarySize> limit(StoragePool pool) {
    return Optional.ofNullable(pool.observed().capacity())
        .map(capacity -> BinarySize.read(capacity).bytes())
        .map(bytes ->
            new BinarySize(Math.round(bytes * (pool.getSpec().overcommitPercent() / 100.0))));
  }
}
