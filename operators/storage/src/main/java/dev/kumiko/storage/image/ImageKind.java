package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Pass;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.reconcile.Wake;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.storage.ceph.Belonging;
import dev.kumiko.storage.ceph.CephException;
import dev.kumiko.storage.ceph.CephPool;
import dev.kumiko.storage.ceph.ImageFacts;
import dev.kumiko.storage.ceph.Pools;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.storage.work.Removals;
import dev.kumiko.storage.work.WorkState;
import dev.kumiko.storage.work.Works;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.Volume;
import java.util.List;
import java.util.Optional;

/** Makes an Image true: one imported RBD image with a snapshot to clone from. */
public final class ImageKind implements Kind<Image, DesiredImage, ObservedImage, ImageAction> {
  private final Cluster cluster;
  private final Pools pools;
  private final Works imports;
  private final Importer importer;
  private final Works removing;
  private final Removals removals;

  ImageKind(Cluster cluster, Pools pools, Works imports, Works removing, Importer importer) {
    this.cluster = cluster;
    this.pools = pools;
    this.imports = imports;
    this.removing = removing;
    this.removals = new Removals(removing);
    this.importer = importer;
  }

  @Override
  public Class<Image> type() {
    return Image.class;
  }

  @Override
  public Desired<DesiredImage> desire(Image image) {
    String poolName = image.getSpec().pool();
    Optional<StoragePool> pool = cluster.get(StoragePool.class, "", poolName);
    boolean leaving = image.getMetadata().getDeletionTimestamp() != null;
    boolean known = image.observed().imageId() != null;
    if (pool.isEmpty() && (known || !leaving)) {
      return Desired.blockedOn(Wait.missing("StoragePool", poolName));
    }
    if (leaving) {
      List<Wait> holding = referrers(image);
      return holding.isEmpty()
          ? new Desired.Absent<>(asked(image, pool, Optional.empty()))
          : new Desired.Blocked<>(holding);
    }
    StoragePool present = pool.orElseThrow();
    if (!known && !present.observed().isReady()) {
      return Desired.blockedOn(Wait.notReady("StoragePool", poolName));
    }
    return new Desired.Present<>(asked(image, pool, Optional.of(order(image, present))));
  }

  @Override
  public ObservedImage observe(Image image, DesiredImage asked) {
    return asked
        .pool()
        .map(pool -> seen(pools.of(pool), asked))
        .orElseGet(() -> observed(asked, Optional.empty(), Optional.empty(), List.of()));
  }

  /** What is left of an image is nothing to work with, but is still to be removed. */
  private ObservedImage seen(CephPool pool, DesiredImage asked) {
    try {
      boolean leaving = asked.order().isEmpty();
      Optional<ImageFacts> facts =
          pool.image(asked.rbdName()).filter(found -> leaving || !found.isRemnant());
      return observed(
          asked,
          facts,
          pool.image(RbdNames.partial(asked.rbdName())),
          leaving && facts.isPresent() ? pool.children(asked.rbdName()) : List.of());
    } catch (CephException e) {
      throw e.asUnavailable(Pools.endpoint(asked.storagePool()));
    }
  }

  private ObservedImage observed(
      DesiredImage asked,
      Optional<ImageFacts> image,
      Optional<ImageFacts> partial,
      List<String> clones) {
    return new ObservedImage(
        image.map(found ->
            new ObservedImage.Found(found, Belonging.of(found, asked.owner(), asked.recordedId()))),
        partial,
        clones,
        asked
            .order()
            .map(order -> imports.state(asked.owner().uid(), order))
            .orElseGet(() -> imports.state(asked.owner().uid())),
        removals.state(asked.rbdName()));
  }

  @Override
  public List<ImageAction> plan(Desired<DesiredImage> desired, ObservedImage observed) {
    return ImagePlan.plan(desired, observed);
  }

  @Override
  public List<String> outlook(Desired<DesiredImage> desired, ObservedImage observed) {
    return ImagePlan.outlook(desired, observed).stream().map(ImageAction::describe).toList();
  }

  @Override
  public void apply(Pass<Image> pass, ImageAction action) {
    Image image = pass.resource();
    String storagePool = image.getSpec().pool();
    CephPool pool = pools.of(cluster.get(StoragePool.class, "", storagePool).orElseThrow());
    try {
      apply(pool, image, action);
    } catch (CephException e) {
      throw e.asUnavailable(Pools.endpoint(storagePool));
    }
  }

  private void apply(CephPool pool, Image image, ImageAction action) {
    String uid = image.getMetadata().getUid();
    switch (action) {
      case ImageAction.StartImport(_, ImportOrder order) ->
          imports.start(
              uid, ObjectKey.of(image), order, progress -> importer.run(order, pool, progress));
      case ImageAction.StopImport _ -> imports.cancel(uid);
      case ImageAction.Mark(_, String name, Ownership owner) -> pool.putMeta(name, owner.toMap());
      case ImageAction.Snapshot(_, var snapshot) ->
          pool.snapshot(snapshot.image(), snapshot.snapshot());
      case ImageAction.Publish(_, String from, String name) -> pool.rename(from, name);
      case ImageAction.StartRemoval(_, String name) ->
          removals.start(pool, name, ObjectKey.of(image));
      case ImageAction.Remove(_, String name) -> pool.remove(name);
    }
  }

  /** Clones whose Volume was retained have no referrer left in the API. */
  @Override
  public boolean holds(ObservedImage observed) {
    return observed.work() instanceof WorkState.Stopping
        || Removals.isUnderWay(observed.removal())
        || (observed.image().isPresent() && !(observed.removal() instanceof WorkState.Idle))
        || (!observed.isForeign() && !observed.clones().isEmpty());
  }

  @Override
  public Report report(
      Image image, Desired<DesiredImage> desired, Optional<ObservedImage> observed) {
    return ImageReport.of(image, desired, observed);
  }

  @Override
  public List<Watch<?>> watches() {
    return List.of(
        new Watch<>(
            StoragePool.class,
            pool ->
                cluster.list(Image.class).stream()
                    .filter(i -> i.getSpec().pool().equals(pool.getMetadata().getName()))
                    .filter(i -> !i.observed().isReady())
                    .map(ObjectKey::of)
                    .toList()),
        new Watch<>(Volume.class, this::leavingImageOf));
  }

  @Override
  public void listen(Wake wake) {
    imports.listen(wake);
    removing.listen(wake);
  }

  private List<ObjectKey> leavingImageOf(Volume volume) {
    return cluster.list(Image.class).stream()
        .filter(image -> image.getMetadata().getDeletionTimestamp() != null)
        .filter(image -> isMadeFrom(volume, image))
        .map(ObjectKey::of)
        .toList();
  }

  /**
   * Another tenant's Volume that only names the Image holds nothing: it may not even be allowed.
   */
  private List<Wait> referrers(Image image) {
    return cluster.list(Volume.class).stream()
        .filter(volume -> isMadeFrom(volume, image))
        .filter(volume -> isBeside(volume, image) || volume.observed().imageId() != null)
        .map(volume -> referrer(volume, image))
        .distinct()
        .toList();
  }

  /** What other tenants call their Volumes is theirs to know. */
  private static Wait referrer(Volume volume, Image image) {
    return isBeside(volume, image)
        ? Wait.referrer("Volume", volume.getMetadata().getName())
        : new Wait(
            "Volume",
            "of another tenant",
            "InUse",
            "a Volume of another tenant still uses it: ask the platform's operators whose it is");
  }

  private static boolean isBeside(Volume volume, Image image) {
    return image.getMetadata().getNamespace().equals(volume.getMetadata().getNamespace());
  }

  private static boolean isMadeFrom(Volume volume, Image image) {
    Volume.Source source = volume.getSpec().source();
    if (source == null || !image.getMetadata().getName().equals(source.image())) {
      return false;
    }
    String namespace =
        Optional.ofNullable(source.imageNamespace()).orElse(volume.getMetadata().getNamespace());
    return image.getMetadata().getNamespace().equals(namespace);
  }

  private static DesiredImage asked(
      Image image, Optional<StoragePool> pool, Optional<ImportOrder> order) {
    return new DesiredImage(
        image.getSpec().pool(),
        pool,
        RbdNames.image(image.getMetadata().getUid()),
        Ownership.of(image),
        Optional.ofNullable(image.observed().imageId()),
        order);
  }

  private static ImportOrder order(Image image, StoragePool pool) {
    Image.Source source = image.getSpec().source();
    return new ImportOrder(
        source.url(),
        Checksum.parse(source.checksum()),
        image.getSpec().format(),
        AllowedSources.of(
            pool.getSpec().imageSources(),
            Optional.ofNullable(pool.getSpec().imageCertificates())
                .map(Certificates::new)
                .orElse(Certificates.PUBLIC)),
        RbdNames.partial(RbdNames.image(image.getMetadata().getUid())),
        Ownership.of(image));
  }
}
