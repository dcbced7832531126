package dev.kumiko.storage.fence;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Pass;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.storage.ceph.CephException;
import dev.kumiko.storage.ceph.CephPool;
import dev.kumiko.storage.ceph.Pools;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.storage.fence.ObservedFence.PoolView;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.Volume;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Asks the guests of suspected hosts, and has every pool refuse hosts that were given up. */
public final class FenceKind implements Kind<Fence, DesiredFence, ObservedFence, FenceAction> {
  /** One that answers is enough; of eighty guests that are all silent a few say as much. */
  private static final int ASKED = 8;

  private final Cluster cluster;
  private final Pools pools;
  private final FenceSight sight;

  public FenceKind(Cluster cluster, Pools pools) {
    this.cluster = cluster;
    this.pools = pools;
    this.sight = new FenceSight(pools);
  }

  @Override
  public Class<Fence> type() {
    return Fence.class;
  }

  @Override
  public Desired<DesiredFence> desire(Fence fence) {
    Fence.Spec spec = fence.getSpec();
    if (isLeaving(fence)) {
      return new Desired.Absent<>(desired(spec, admitted(fence), List.of()));
    }
    if (spec.addresses().isEmpty()) {
      String host = fence.getMetadata().getName();
      return Desired.blockedOn(
          new Wait(
              "Host",
              host,
              "NoStorageAddress",
              "Host %s had no spec.storageAddresses: without them it cannot be refused"
                  .formatted(host)));
    }
    return new Desired.Present<>(
        desired(
            spec,
            spec.addresses(),
            spec.stage() == Fence.Stage.Suspected
                ? disks(fence.getMetadata().getName())
                : List.of()));
  }

  /**
   * One that is deleted before its time stays, and so does one whose host failed again before every
   * pool let it in: while it is suspected only its guests are asked, so that a pool that cannot be
   * written to keeps no answer back.
   */
  private static boolean isLeaving(Fence fence) {
    boolean isOnlySuspected =
        fence.getSpec().stage() == Fence.Stage.Suspected && !fence.getSpec().released();
    return fence.getMetadata().getDeletionTimestamp() != null
        && (fence.isOver() || isOnlySuspected);
  }

  /** What another Fence keeps out as well stays out. */
  private List<String> admitted(Fence fence) {
    List<String> addresses = new ArrayList<>(fence.getSpec().addresses());
    cluster.list(Fence.class).stream()
        .filter(Fence::isShut)
        .forEach(other -> addresses.removeAll(other.getSpec().addresses()));
    return addresses;
  }

  private DesiredFence desired(
      Fence.Spec spec, List<String> addresses, List<DesiredFence.Disk> disks) {
    return new DesiredFence(
        spec.stage(),
        addresses,
        disks,
        spec.stage() == Fence.Stage.GivenUp
            ? cluster.list(StoragePool.class).stream()
                .sorted(Comparator.comparing(pool -> pool.getMetadata().getName()))
                .toList()
            : List.of());
  }

  /** Those first that were let at their disk: their guests may be at work. */
  private List<DesiredFence.Disk> disks(String host) {
    return DiskSample.of(
        cluster.list(Attachment.class).stream()
            .filter(a -> a.getSpec().hosts().contains(host))
            .sorted(
                Comparator.comparing((Attachment a) -> !a.observed().grantedHosts().contains(host))
                    .thenComparing(a -> a.getMetadata().getUid()))
            .flatMap(a -> disk(a).stream())
            .toList(),
        ASKED);
  }

  private Optional<DesiredFence.Disk> disk(Attachment attachment) {
    return cluster
        .get(Volume.class, attachment.getMetadata().getNamespace(), attachment.getSpec().volume())
        .flatMap(volume ->
            cluster
                .get(StoragePool.class, "", volume.getSpec().pool())
                .map(pool ->
                    new DesiredFence.Disk(pool, RbdNames.volume(volume.getMetadata().getUid()))));
  }

  @Override
  public ObservedFence observe(Fence fence, DesiredFence asked) {
    return sight.of(asked);
  }

  @Override
  public List<FenceAction> plan(Desired<DesiredFence> desired, ObservedFence observed) {
    return FencePlan.plan(desired, observed);
  }

  @Override
  public void apply(Pass<Fence> pass, FenceAction action) {
    switch (action) {
      case FenceAction.Refuse refuse -> {
        mustBe(pass.resource(), Fence::isShut);
        order(refuse, pool -> pool.block(refuse.address()));
      }
      case FenceAction.Admit admit -> {
        mustBe(pass.resource(), Fence::isOver);
        order(admit, pool -> pool.unblock(admit.address()));
      }
    }
  }

  /** Past every cache: what is refused, and what is let in, cannot be taken back in time. */
  private void mustBe(Fence fence, Predicate<Fence> so) {
    String name = fence.getMetadata().getName();
    boolean holds =
        cluster
            .fresh(Fence.class, "", name)
            .filter(f -> f.getMetadata().getUid().equals(fence.getMetadata().getUid()))
            .filter(so)
            .isPresent();
    if (!holds) {
      throw new Conflict("Fence " + name + " changed since it was read");
    }
  }

  private void order(FenceAction action, Consumer<CephPool> what) {
    StoragePool pool = cluster.get(StoragePool.class, "", action.pool()).orElseThrow();
    try {
      what.accept(pools.of(pool));
    } catch (CephException e) {
      throw e.asUnavailable(action.target());
    }
  }

  /** A pool that was not asked may still refuse the host. */
  @Override
  public boolean holds(ObservedFence observed) {
    return observed.pools().values().stream().anyMatch(PoolView.Unknown.class::isInstance);
  }

  @Override
  public Report report(
      Fence fence, Desired<DesiredFence> desired, Optional<ObservedFence> observed) {
    return FenceReport.of(fence, desired, observed);
  }

  @Override
  public List<Watch<?>> watches() {
    return List.of(
        new Watch<>(Attachment.class, attachment -> List.of()),
        new Watch<>(
            StoragePool.class,
            pool -> cluster.list(Fence.class).stream().map(ObjectKey::of).toList()));
  }
}
