package dev.kumiko.storage.pool;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.NoAction;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Pass;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.storage.ceph.CephException;
import dev.kumiko.storage.ceph.CephPool;
import dev.kumiko.storage.ceph.MissingGrant;
import dev.kumiko.storage.ceph.Pools;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.storage.size.Provisioned;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Tells whether a StoragePool can be used; changes nothing in it. */
public final class StoragePoolKind
    implements Kind<StoragePool, StoragePool, ObservedPool, NoAction> {
  /** Of a thousand volumes the first few say enough. */
  private static final int NAMED_REFERRERS = 10;

  private final Cluster cluster;
  private final Pools pools;
  private final String namespace;

  /**
   * Judges pools through these connections.
   *
   * @param namespace where the Secrets that StoragePools name are
   */
  public StoragePoolKind(Cluster cluster, Pools pools, String namespace) {
    this.cluster = cluster;
    this.pools = pools;
    this.namespace = namespace;
  }

  @Override
  public Class<StoragePool> type() {
    return StoragePool.class;
  }

  @Override
  public Desired<StoragePool> desire(StoragePool pool) {
    if (pool.getMetadata().getDeletionTimestamp() == null) {
      String secret = pool.getSpec().secret();
      return cluster.get(Secret.class, namespace, secret).isPresent()
          ? new Desired.Present<>(pool)
          : Desired.blockedOn(Wait.missing("Secret", namespace + "/" + secret));
    }
    List<Wait> holding = referrers(pool).limit(NAMED_REFERRERS).toList();
    return holding.isEmpty() ? new Desired.Absent<>(pool) : new Desired.Blocked<>(holding);
  }

  @Override
  public ObservedPool observe(StoragePool resource, StoragePool asked) {
    if (resource.getMetadata().getDeletionTimestamp() != null) {
      return new ObservedPool.Refused("Deleting", "It is no longer used.");
    }
    CephPool pool = pools.of(resource);
    try {
      List<MissingGrant> missing = pool.preflight();
      Optional<Integer> foreign =
          missing.isEmpty()
              ? Optional.of(foreign(resource.getMetadata().getName(), pool.images("")))
              : Optional.empty();
      return new ObservedPool.Reached(pool.facts(), missing, foreign);
    } catch (CephException e) {
      return refused(resource, e);
    }
  }

  private int foreign(String pool, List<String> images) {
    Set<String> foreign = new HashSet<>(images);
    users(pool)
        .map(StoragePoolKind::rbdName)
        .forEach(name -> {
          foreign.remove(name);
          foreign.remove(RbdNames.partial(name));
        });
    return foreign.size();
  }

  private static String rbdName(HasMetadata user) {
    String uid = user.getMetadata().getUid();
    return user instanceof Volume ? RbdNames.volume(uid) : RbdNames.image(uid);
  }

  private static ObservedPool refused(StoragePool resource, CephException e) {
    StoragePool.Spec spec = resource.getSpec();
    return switch (e.reason()) {
      case DENIED ->
          new ObservedPool.Refused(
              "KeyRefused",
              "%s: check the key in Secret %s, and ceph auth get client.%s"
                  .formatted(e.getMessage(), spec.secret(), spec.user()));
      case MISSING ->
          new ObservedPool.Refused(
              "PoolNotFound",
              "%s: ceph osd pool create %s, then rbd pool init %s"
                  .formatted(e.getMessage(), spec.pool(), spec.pool()));
      case EXISTS, BUSY, FULL, FAILED ->
          new ObservedPool.Refused("PoolFailed", String.valueOf(e.getMessage()));
    };
  }

  @Override
  public List<NoAction> plan(Desired<StoragePool> desired, ObservedPool observed) {
    return List.of();
  }

  @Override
  public void apply(Pass<StoragePool> pass, NoAction action) {}

  @Override
  public Report report(
      StoragePool pool, Desired<StoragePool> desired, Optional<ObservedPool> observed) {
    return StoragePoolReport.of(
        pool, observed, Provisioned.of(cluster, pool.getMetadata().getName()));
  }

  private Stream<Wait> referrers(StoragePool pool) {
    return users(pool.getMetadata().getName())
        .map(user -> Wait.referrer(user.getKind(), ObjectKey.of(user).toString()));
  }

  /** The Volumes and Images in a pool. */
  private Stream<HasMetadata> users(String pool) {
    return Stream.concat(
        cluster.list(Volume.class).stream().filter(volume -> volume.getSpec().pool().equals(pool)),
        cluster.list(Image.class).stream().filter(image -> image.getSpec().pool().equals(pool)));
  }

  @Override
  public List<Watch<?>> watches() {
    return List.of(
        new Watch<>(Volume.class, volume -> leaving(volume.getSpec().pool())),
        new Watch<>(Image.class, image -> leaving(image.getSpec().pool())));
  }

  private List<ObjectKey> leaving(String pool) {
    return cluster.get(StoragePool.class, "", pool).stream()
        .filter(found -> found.getMetadata().getDeletionTimestamp() != null)
        .map(ObjectKey::of)
        .toList();
  }
}
