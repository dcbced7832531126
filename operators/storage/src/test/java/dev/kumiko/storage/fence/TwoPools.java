package dev.kumiko.storage.fence;

import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.storage.Examples;
import dev.kumiko.storage.ceph.BlockedAddress;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.storage.ceph.InMemoryCephPool;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.InstantSource;
import java.util.List;

/** A host with a fence, and guests that may have disks in two pools. */
final class TwoPools {
  final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
  final InMemoryCephPool vms = new InMemoryCephPool();
  final InMemoryCephPool fast = new InMemoryCephPool();

  /** Called before each action is done. */
  Runnable before = () -> {};

  private final FenceKind kind =
      new FenceKind(cluster, pool -> pool.getMetadata().getName().equals("fast") ? fast : vms);

  TwoPools(Fence.Stage stage) {
    Examples.addReadyPool(cluster);
    cluster.create(Examples.pool("fast"));
    Fence fence = Examples.fence("h1", stage, "10.78.0.11");
    cluster.create(fence);
    cluster.addFinalizer(fence);
  }

  List<String> blocked(InMemoryCephPool pool) {
    return pool.blocklist().stream().map(BlockedAddress::address).toList();
  }

  /** A volume that is attached at h1 and that this client has open. */
  void guest(String volumeName, InMemoryCephPool pool, CephClient client) {
    Volume volume = Examples.blankVolume(volumeName, "1Gi");
    volume.setSpec(
        new Volume.Spec(
            pool.equals(fast) ? "fast" : Examples.POOL, "1Gi", null, Volume.DeletionPolicy.Delete));
    cluster.create(volume);
    cluster.create(Examples.attachment(volumeName, 1, "h1"));
    String uid =
        cluster
            .get(Volume.class, Examples.NAMESPACE, volumeName)
            .orElseThrow()
            .getMetadata()
            .getUid();
    pool.create(RbdNames.volume(uid), 1L << 30);
    pool.open(RbdNames.volume(uid), client);
  }

  /** As compute, when the host is back and its old guests are ended. */
  void release() {
    cluster.replace(Examples.released(stored()));
    cluster.delete(stored());
  }

  private void journal(HasMetadata fence, Action action, Runnable work) {
    before.run();
    work.run();
  }

  /** As compute, when it failed again before every pool let it in. */
  void again(Fence.Stage stage) {
    Fence again = stored();
    again.setSpec(
        new Fence.Spec(
            stage,
            again.getSpec().addresses(),
            stage == Fence.Stage.Suspected,
            null,
            null,
            "silence"));
    cluster.replace(again);
  }

  Fence stored() {
    return cluster.get(Fence.class, "", "h1").orElseThrow();
  }

  Fence.Status pass() {
    outcome();
    return stored().observed();
  }

  Loop.Outcome<Fence> outcome() {
    return new Loop<>(kind, cluster, InstantSource.system(), this::journal).reconcile(stored());
  }
}
