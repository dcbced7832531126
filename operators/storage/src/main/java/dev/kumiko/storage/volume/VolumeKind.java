package dev.kumiko.storage.volume;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Pass;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wake;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.storage.ceph.Belonging;
import dev.kumiko.storage.ceph.CephException;
import dev.kumiko.storage.ceph.CephPool;
import dev.kumiko.storage.ceph.Pools;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.storage.work.Removals;
import dev.kumiko.storage.work.WorkState;
import dev.kumiko.storage.work.Works;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Makes a Volume true: one RBD image. */
public final class VolumeKind implements Kind<Volume, DesiredVolume, ObservedVolume, VolumeAction> {
  private final Cluster cluster;
  private final Pools pools;
  private final Works works;
  private final Removals removals;
  private final VolumeReferences references;

  /**
   * Makes volumes through these connections.
   *
   * @param works where removals run
   */
  public VolumeKind(Cluster cluster, Pools pools, Works works) {
    this.cluster = cluster;
    this.pools = pools;
    this.works = works;
    this.removals = new Removals(works);
    this.references = new VolumeReferences(cluster);
  }

  @Override
  public Class<Volume> type() {
    return Volume.class;
  }

  @Override
  public Desired<DesiredVolume> desire(Volume volume) {
    return references.resolve(volume);
  }

  @Override
  public ObservedVolume observe(Volume volume, DesiredVolume asked) {
    boolean leaving = volume.getMetadata().getDeletionTimestamp() != null;
    return asked
        .pool()
        .map(pool -> seen(pools.of(pool), asked, leaving))
        .orElseGet(ObservedVolume::nothing);
  }

  /** What is left of an image is nothing to work with, but is still to be removed. */
  private ObservedVolume seen(CephPool pool, DesiredVolume asked, boolean leaving) {
    try {
      return new ObservedVolume(
          pool.image(asked.rbdName())
              .filter(facts -> leaving || !facts.isRemnant())
              .map(facts ->
                  new ObservedVolume.Found(
                      facts, Belonging.of(facts, asked.owner(), asked.recordedId()))),
          pool.image(RbdNames.partial(asked.rbdName())),
          removals.state(asked.rbdName()));
    } catch (CephException e) {
      throw e.asUnavailable(Pools.endpoint(asked.storagePool()));
    }
  }

  @Override
  public List<VolumeAction> plan(Desired<DesiredVolume> desired, ObservedVolume observed) {
    return VolumePlan.plan(desired, observed);
  }

  @Override
  public void apply(Pass<Volume> pass, VolumeAction action) {
    String storagePool = pass.resource().getSpec().pool();
    CephPool pool = pools.of(cluster.get(StoragePool.class, "", storagePool).orElseThrow());
    try {
      apply(pool, pass.resource(), action);
    } catch (CephException e) {
      throw e.asUnavailable(Pools.endpoint(storagePool));
    }
  }

  private void apply(CephPool pool, Volume volume, VolumeAction action) {
    switch (action) {
      case VolumeAction.Create(_, String name, long sizeBytes) -> pool.create(name, sizeBytes);
      case VolumeAction.CloneImage(_, var base, String name) -> pool.clone(base, name);
      case VolumeAction.BuildSeed(_, String name, String namespace, String secret) ->
          pool.create(name, seed(namespace, secret).bytes());
      case VolumeAction.Grow(_, String name, long sizeBytes) -> pool.grow(name, sizeBytes);
      case VolumeAction.Mark(_, String name, var owner) -> pool.putMeta(name, owner.toMap());
      case VolumeAction.Publish(_, String from, String name) -> pool.rename(from, name);
      case VolumeAction.EnableExclusiveLock(_, String name) -> pool.enableExclusiveLock(name);
      case VolumeAction.StartRemoval(_, String name) ->
          removals.start(pool, name, ObjectKey.of(volume));
      case VolumeAction.Remove(_, String name) -> pool.remove(name);
    }
  }

  private NoCloudSeed seed(String namespace, String name) {
    Secret secret =
        cluster
            .get(Secret.class, namespace, name)
            .orElseThrow(() ->
                new Rejection("SecretNotFound", "Secret " + name + " is gone: make it again"));
    Map<String, String> files = new HashMap<>();
    Optional.ofNullable(secret.getData())
        .orElseGet(Map::of)
        .forEach((key, value) ->
            files.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    return NoCloudSeed.of(name, files);
  }

  /** An image that is still to be removed, or that a guest, or somebody else, still has open. */
  @Override
  public boolean holds(ObservedVolume observed) {
    return Removals.isUnderWay(observed.removal())
        || observed.image().stream()
            .filter(found -> found.belonging() != Belonging.FOREIGN)
            .anyMatch(found ->
                !found.facts().watchers().isEmpty()
                    || !(observed.removal() instanceof WorkState.Idle));
  }

  @Override
  public Report report(
      Volume volume, Desired<DesiredVolume> desired, Optional<ObservedVolume> observed) {
    return VolumeReport.of(volume, desired, observed, references.attachedTo(volume));
  }

  @Override
  public List<Watch<?>> watches() {
    return List.of(
        new Watch<>(
            StoragePool.class,
            pool -> volumes(v -> v.getSpec().pool().equals(pool.getMetadata().getName()))),
        new Watch<>(Image.class, image -> volumes(v -> VolumeReferences.names(v, image))),
        new Watch<>(Attachment.class, this::affectedBy),
        new Watch<>(VirtualMachine.class, this::leavingDisks));
  }

  private List<ObjectKey> leavingDisks(VirtualMachine machine) {
    String namespace = machine.getMetadata().getNamespace();
    return VolumeReferences.disks(machine)
        .flatMap(name -> cluster.get(Volume.class, namespace, name).stream())
        .filter(volume -> volume.getMetadata().getDeletionTimestamp() != null)
        .map(ObjectKey::of)
        .toList();
  }

  /** Most changes of an Attachment say nothing new about its volume. */
  private List<ObjectKey> affectedBy(Attachment attachment) {
    String namespace = attachment.getMetadata().getNamespace();
    return cluster.get(Volume.class, namespace, attachment.getSpec().volume()).stream()
        .filter(volume ->
            volume.getMetadata().getDeletionTimestamp() != null
                || !references
                    .attachedTo(volume)
                    .equals(Optional.ofNullable(volume.observed().attachedTo())))
        .map(ObjectKey::of)
        .toList();
  }

  @Override
  public void listen(Wake wake) {
    works.listen(wake);
  }

  /** Only those that wait: a volume that is there does not depend on what it was made from. */
  private List<ObjectKey> volumes(Predicate<Volume> which) {
    return cluster.list(Volume.class).stream()
        .filter(which)
        .filter(volume -> !volume.observed().isReady())
        .map(ObjectKey::of)
        .toList();
  }
}
