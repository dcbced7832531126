package dev.kumiko.storage.volume;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.storage.ceph.ImageSnapshot;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.storage.size.BinarySize;
import dev.kumiko.storage.size.Provisioned;
import dev.kumiko.storage.volume.DesiredVolume.Source;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Resolves what a Volume names, and finds who names it. */
final class VolumeReferences {
  private final Cluster cluster;

  VolumeReferences(Cluster cluster) {
    this.cluster = cluster;
  }

  Desired<DesiredVolume> resolve(Volume volume) {
    String poolName = volume.getSpec().pool();
    Optional<StoragePool> pool = cluster.get(StoragePool.class, "", poolName);
    Optional<String> recordedId = Optional.ofNullable(volume.observed().imageId());
    boolean leaving = volume.getMetadata().getDeletionTimestamp() != null;
    if (pool.isEmpty() && (recordedId.isPresent() || !leaving)) {
      return Desired.blockedOn(Wait.missing("StoragePool", poolName));
    }
    if (leaving) {
      List<Wait> holding =
          Stream.concat(
                  attachments(volume).stream()
                      .map(a -> Wait.referrer("Attachment", a.getMetadata().getName())),
                  machines(volume)
                      .map(m -> Wait.referrer("VirtualMachine", m.getMetadata().getName())))
              .toList();
      return holding.isEmpty()
          ? new Desired.Absent<>(asked(volume, pool, new Source.Blank(0)))
          : new Desired.Blocked<>(holding);
    }
    if (recordedId.isPresent()) {
      return new Desired.Present<>(asked(volume, pool, new Source.Blank(askedBytes(volume))));
    }
    if (!pool.orElseThrow().observed().isReady()) {
      return Desired.blockedOn(Wait.notReady("StoragePool", poolName));
    }
    Desired<DesiredVolume> desired = source(volume, pool);
    return desired instanceof Desired.Present<DesiredVolume>(DesiredVolume asked)
        ? within(asked, pool.get())
        : desired;
  }

  /** Refuses to promise more of a pool than its owner allows. */
  private Desired<DesiredVolume> within(DesiredVolume asked, StoragePool pool) {
    long provisioned = Provisioned.of(cluster, asked.storagePool()).bytes();
    Optional<BinarySize> limit = Provisioned.limit(pool);
    if (limit.isEmpty() || asked.sizeBytes() <= limit.get().bytes() - provisioned) {
      return new Desired.Present<>(asked);
    }
    String message =
        "StoragePool %s has promised %s of the %s it may: delete volumes, add capacity, or raise its overcommitPercent"
            .formatted(
                asked.storagePool(), new BinarySize(provisioned).rounded(), limit.get().rounded());
    return Desired.blockedOn(
        new Wait("StoragePool", asked.storagePool(), "PoolOvercommitted", message));
  }

  Optional<String> attachedTo(Volume volume) {
    return attachments(volume).stream().map(a -> a.getSpec().virtualMachine()).findFirst();
  }

  static boolean names(Volume volume, Image image) {
    Volume.Source source = volume.getSpec().source();
    return source != null
        && image.getMetadata().getName().equals(source.image())
        && image.getMetadata().getNamespace().equals(imageNamespace(volume, source));
  }

  private Desired<DesiredVolume> source(Volume volume, Optional<StoragePool> pool) {
    Volume.Source source = volume.getSpec().source();
    if (source == null) {
      return new Desired.Present<>(asked(volume, pool, new Source.Blank(askedBytes(volume))));
    }
    Volume.CloudInit cloudInit = source.cloudInit();
    if (cloudInit != null) {
      return seed(volume, pool, cloudInit.secretName());
    }
    return clone(volume, pool, source);
  }

  private Desired<DesiredVolume> seed(
      Volume volume, Optional<StoragePool> pool, String secretName) {
    String namespace = volume.getMetadata().getNamespace();
    if (cluster.get(Secret.class, namespace, secretName).isEmpty()) {
      return Desired.blockedOn(Wait.missing("Secret", secretName));
    }
    return new Desired.Present<>(asked(volume, pool, new Source.Seed(namespace, secretName)));
  }

  private Desired<DesiredVolume> clone(
      Volume volume, Optional<StoragePool> pool, Volume.Source source) {
    String namespace = imageNamespace(volume, source);
    String name = String.valueOf(source.image());
    String shown =
        namespace.equals(volume.getMetadata().getNamespace()) ? name : namespace + "/" + name;
    Optional<Image> found =
        cluster
            .get(Image.class, namespace, name)
            .filter(
                image -> namespace.equals(volume.getMetadata().getNamespace()) || isShared(image));
    if (found.isEmpty()) {
      return Desired.blockedOn(Wait.missing("Image", shown));
    }
    Image image = found.get();
    if (!image.getSpec().pool().equals(volume.getSpec().pool())) {
      throw new Rejection(
          "ImageInAnotherPool",
          "Image %s is in StoragePool %s: set spec.pool to it"
              .formatted(shown, image.getSpec().pool()));
    }
    if (image.getMetadata().getDeletionTimestamp() != null || !image.observed().isReady()) {
      return Desired.blockedOn(Wait.notReady("Image", shown));
    }
    ImageSnapshot base =
        new ImageSnapshot(RbdNames.image(image.getMetadata().getUid()), RbdNames.BASE);
    return new Desired.Present<>(
        asked(
            volume, pool, new Source.Clone(base, sizeOf(image), cloneBytes(volume, image, shown))));
  }

  /** An image of another namespace that is not shared is not even admitted to exist. */
  private static boolean isShared(Image image) {
    return image.getSpec().visibility() == Image.Visibility.Shared;
  }

  private static long cloneBytes(Volume volume, Image image, String shown) {
    long least = sizeOf(image);
    String minimum = image.getSpec().minimumDisk();
    if (minimum != null) {
      least = Math.max(least, BinarySize.parse(minimum).bytes());
    }
    long asked = askedBytes(volume);
    if (asked != 0 && asked < least) {
      throw new Rejection(
          "VolumeTooSmall",
          "size %s is smaller than Image %s needs: set spec.size to at least %s"
              .formatted(volume.getSpec().size(), shown, new BinarySize(least)));
    }
    return Math.max(asked, least);
  }

  private static long sizeOf(Image image) {
    return Optional.ofNullable(image.observed().size())
        .map(size -> BinarySize.read(size).bytes())
        .orElse(0L);
  }

  private List<Attachment> attachments(Volume volume) {
    return cluster.list(Attachment.class, volume.getMetadata().getNamespace()).stream()
        .filter(a -> a.getSpec().volume().equals(volume.getMetadata().getName()))
        .toList();
  }

  /** Those that have it as a disk, also while they are stopped; one that is to go holds nothing. */
  private Stream<VirtualMachine> machines(Volume volume) {
    return cluster.list(VirtualMachine.class, volume.getMetadata().getNamespace()).stream()
        .filter(machine -> machine.getMetadata().getDeletionTimestamp() == null)
        .filter(machine -> disks(machine).anyMatch(volume.getMetadata().getName()::equals));
  }

  /** Names of the Volumes that a machine has as disks. */
  static Stream<String> disks(VirtualMachine machine) {
    return machine.getSpec().disks().stream()
        .map(disk -> disk.volumeOf(machine.getMetadata().getName()));
  }

  private static DesiredVolume asked(Volume volume, Optional<StoragePool> pool, Source source) {
    return new DesiredVolume(
        volume.getSpec().pool(),
        pool,
        RbdNames.volume(volume.getMetadata().getUid()),
        Ownership.of(volume),
        Optional.ofNullable(volume.observed().imageId()),
        source,
        volume.getSpec().deletionPolicy());
  }

  private static long askedBytes(Volume volume) {
    String size = volume.getSpec().size();
    return size == null ? 0 : BinarySize.parse(size).bytes();
  }

  private static String imageNamespace(Volume volume, Volume.Source source) {
    return Optional.ofNullable(source.imageNamespace()).orElse(ObjectKey.of(volume).namespace());
  }
}
