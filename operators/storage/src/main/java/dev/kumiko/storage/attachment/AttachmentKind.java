package dev.kumiko.storage.attachment;

import com.google.common.collect.ImmutableSetMultimap;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Pass;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.storage.ceph.BlockedAddress;
import dev.kumiko.storage.ceph.CephException;
import dev.kumiko.storage.ceph.CephPool;
import dev.kumiko.storage.ceph.ImageFacts;
import dev.kumiko.storage.ceph.Pools;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.Volume;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Grants an Attachment when nobody else has the volume open, and lets it go when nobody has. */
public final class AttachmentKind
    implements Kind<Attachment, DesiredAttachment, ObservedAttachment, AttachmentAction> {
  private final Cluster cluster;
  private final Pools pools;
  private final FencesOfHosts fences;

  public AttachmentKind(Cluster cluster, Pools pools) {
    this.cluster = cluster;
    this.pools = pools;
    this.fences = new FencesOfHosts(cluster);
  }

  @Override
  public Class<Attachment> type() {
    return Attachment.class;
  }

  @Override
  public Desired<DesiredAttachment> desire(Attachment attachment) {
    boolean leaving = isLeaving(attachment);
    boolean running = attachment.getSpec().epoch().equals(attachment.observed().grantedEpoch());
    List<String> shut = fences.shut(attachment);
    if (!leaving
        && !shut.isEmpty()
        && !(running && shut.size() < attachment.getSpec().hosts().size())) {
      return new Desired.Blocked<>(shut.stream().map(FencesOfHosts::wait).toList());
    }
    Optional<Volume> volume = volume(attachment);
    if (volume.isEmpty() && leaving) {
      return new Desired.Absent<>(
          DesiredAttachment.nobody(Optional.empty(), ImmutableSetMultimap.of()));
    }
    if (volume.isEmpty()) {
      return Desired.blockedOn(Wait.missing("Volume", attachment.getSpec().volume()));
    }
    String poolName = volume.get().getSpec().pool();
    Optional<StoragePool> pool = cluster.get(StoragePool.class, "", poolName);
    if (pool.isEmpty() && leaving && volume.get().observed().imageId() == null) {
      return new Desired.Absent<>(
          DesiredAttachment.nobody(Optional.empty(), ImmutableSetMultimap.of()));
    }
    if (pool.isEmpty()) {
      return Desired.blockedOn(Wait.missing("StoragePool", poolName));
    }
    DesiredAttachment.Disk disk =
        new DesiredAttachment.Disk(
            pool.get(), RbdNames.volume(volume.get().getMetadata().getUid()));
    if (leaving) {
      return new Desired.Absent<>(DesiredAttachment.nobody(Optional.of(disk), hostsOfAddress()));
    }
    boolean isNew = attachment.observed().grantedEpoch() == null;
    if (isNew && volume.get().getMetadata().getDeletionTimestamp() != null) {
      return Desired.blockedOn(
          new Wait(
              "Volume",
              attachment.getSpec().volume(),
              "Deleting",
              "Volume " + attachment.getSpec().volume() + " is being deleted"));
    }
    if (!volume.get().observed().isReady()) {
      return Desired.blockedOn(Wait.notReady("Volume", attachment.getSpec().volume()));
    }
    if (!running && isRefused(pool.get())) {
      return Desired.blockedOn(Wait.notReady("StoragePool", poolName));
    }
    Set<String> hosts = new LinkedHashSet<>(attachment.getSpec().hosts());
    shut.forEach(hosts::remove);
    return granted(attachment, disk, hosts, running);
  }

  /** Who writes to it could perhaps not be kept from it; one that is not known about is asked. */
  private static boolean isRefused(StoragePool pool) {
    return pool.observed().condition(Condition.READY).filter(Condition::isFalse).isPresent();
  }

  private Desired<DesiredAttachment> granted(
      Attachment attachment, DesiredAttachment.Disk disk, Set<String> hosts, boolean running) {
    Set<String> added = new LinkedHashSet<>(hosts);
    if (running) {
      added.removeAll(attachment.observed().grantedHosts());
    }
    List<Wait> waits = new ArrayList<>(fences.waits(added, disk.pool().getMetadata().getName()));
    for (String name : hosts) {
      Optional<Host> host = cluster.get(Host.class, "", name);
      if (host.isEmpty()) {
        waits.add(Wait.missing("Host", name));
      } else if (host.get().getSpec().storageAddresses().isEmpty()) {
        waits.add(
            new Wait(
                "Host",
                name,
                "NoStorageAddress",
                "Host %s has no spec.storageAddresses: add what it has towards Ceph"
                    .formatted(name)));
      }
    }
    if (!waits.isEmpty()) {
      return new Desired.Blocked<>(waits);
    }
    return new Desired.Present<>(
        new DesiredAttachment(Optional.of(disk), hostsOfAddress(), Set.copyOf(hosts), running));
  }

  private ImmutableSetMultimap<String, String> hostsOfAddress() {
    ImmutableSetMultimap.Builder<String, String> names = ImmutableSetMultimap.builder();
    for (Host host : cluster.list(Host.class)) {
      host.getSpec()
          .storageAddresses()
          .forEach(address -> names.put(address, host.getMetadata().getName()));
    }
    return names.build();
  }

  @Override
  public ObservedAttachment observe(Attachment attachment, DesiredAttachment asked) {
    return asked
        .disk()
        .map(disk -> seen(attachment, asked, disk))
        .orElseGet(ObservedAttachment::nobody);
  }

  private ObservedAttachment seen(
      Attachment attachment, DesiredAttachment asked, DesiredAttachment.Disk disk) {
    CephPool pool = pools.of(disk.pool());
    try {
      return pool.image(disk.rbdName())
          .map(facts -> seen(pool, facts))
          .map(seen ->
              takesAway(attachment, asked, seen)
                  ? seen.unrefusing(fences.unrefused(attachment, pool))
                  : seen)
          .orElseGet(ObservedAttachment::nobody);
    } catch (CephException e) {
      throw e.asUnavailable(Pools.endpoint(disk.pool()));
    }
  }

  /** Whether a host loses what it had: one that was given up does so when its pool refuses it. */
  private static boolean takesAway(
      Attachment attachment, DesiredAttachment asked, ObservedAttachment seen) {
    return isLeaving(attachment)
        ? seen.live().isEmpty()
        : !asked.hosts().containsAll(attachment.observed().grantedHosts());
  }

  /** The blocklist matters only where somebody could be on it. */
  private static ObservedAttachment seen(CephPool pool, ImageFacts facts) {
    boolean anybody = !facts.watchers().isEmpty() || facts.lockOwner().isPresent();
    List<BlockedAddress> blocklist = anybody ? pool.blocklist() : List.of();
    return new ObservedAttachment(
        facts.watchers(), facts.lockOwner(), blocklist, anybody ? pool.self() : 0, Set.of());
  }

  @Override
  public List<AttachmentAction> plan(
      Desired<DesiredAttachment> desired, ObservedAttachment observed) {
    return AttachmentPlan.plan(desired, observed);
  }

  @Override
  public void apply(Pass<Attachment> pass, AttachmentAction action) {
    switch (action) {
      case AttachmentAction.BlockRemnant(String target, var client, _) -> {
        mustStillAsk(pass.resource());
        try {
          poolOf(pass.resource()).block(client.address());
        } catch (CephException e) {
          throw e.asUnavailable(target);
        }
      }
    }
  }

  /**
   * Past every cache: what was granted meanwhile, by a leader before this one, may have its guest
   * at work, and a block cannot be taken back.
   */
  private void mustStillAsk(Attachment attachment) {
    ObjectKey key = ObjectKey.of(attachment);
    boolean asks =
        cluster
            .fresh(Attachment.class, key.namespace(), key.name())
            .filter(a -> a.getMetadata().getUid().equals(attachment.getMetadata().getUid()))
            .filter(a -> a.getSpec().equals(attachment.getSpec()))
            .filter(a -> !a.getSpec().epoch().equals(a.observed().grantedEpoch()))
            .isPresent();
    if (!asks) {
      throw new Conflict("Attachment " + key + " changed since it was read");
    }
  }

  private CephPool poolOf(Attachment attachment) {
    Volume volume = volume(attachment).orElseThrow();
    return pools.of(cluster.get(StoragePool.class, "", volume.getSpec().pool()).orElseThrow());
  }

  /** Only what was seen lets an Attachment go: nobody has the volume open who could write. */
  @Override
  public boolean holds(ObservedAttachment observed) {
    return !observed.live().isEmpty() || !observed.unrefused().isEmpty();
  }

  @Override
  public Report report(
      Attachment attachment,
      Desired<DesiredAttachment> desired,
      Optional<ObservedAttachment> observed) {
    return AttachmentReport.of(attachment, desired, observed);
  }

  @Override
  public List<Watch<?>> watches() {
    return List.of(
        new Watch<>(
            Volume.class,
            volume ->
                waiting(volume.getMetadata().getNamespace()).stream()
                    .filter(a -> a.getSpec().volume().equals(volume.getMetadata().getName()))
                    .map(ObjectKey::of)
                    .toList()),
        new Watch<>(Fence.class, fences::concerned),
        new Watch<>(StoragePool.class, this::waitingFor),
        new Watch<>(
            Host.class,
            host ->
                cluster.list(Attachment.class).stream()
                    .filter(a -> !a.observed().isReady())
                    .filter(a -> a.getSpec().hosts().contains(host.getMetadata().getName()))
                    .map(ObjectKey::of)
                    .toList()));
  }

  private List<ObjectKey> waitingFor(StoragePool pool) {
    return cluster.list(Attachment.class).stream()
        .filter(a -> !a.observed().isReady())
        .filter(a ->
            volume(a)
                .filter(v -> v.getSpec().pool().equals(pool.getMetadata().getName()))
                .isPresent())
        .map(ObjectKey::of)
        .toList();
  }

  private static boolean isLeaving(Attachment attachment) {
    return attachment.getMetadata().getDeletionTimestamp() != null;
  }

  private List<Attachment> waiting(String namespace) {
    return cluster.list(Attachment.class, namespace).stream()
        .filter(attachment -> !attachment.observed().isReady())
        .toList();
  }

  private Optional<Volume> volume(Attachment attachment) {
    return cluster.get(
        Volume.class, attachment.getMetadata().getNamespace(), attachment.getSpec().volume());
  }
}
