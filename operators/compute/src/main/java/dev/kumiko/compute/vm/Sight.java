package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.libvirt.Hypervisor;
import dev.kumiko.compute.libvirt.Inventory;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Identity;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.ObservedVirtualMachine.HostView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Presence;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Stray;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** What is on the hosts, and which objects a machine has, without a call to anywhere. */
final class Sight {
  private final Cluster cluster;
  private final Hosts hosts;

  Sight(Cluster cluster, Hosts hosts) {
    this.cluster = cluster;
    this.hosts = hosts;
  }

  HostView host(Optional<Place> place, Identity identity) {
    return place.map(p -> view(p.host(), identity)).orElseGet(HostView.NotPlaced::new);
  }

  /** Of a host that was given up no other kind of view counts, also when it is back. */
  private HostView view(String host, Identity identity) {
    if (isGivenUp(host)) {
      return new HostView.GivenUp(host);
    }
    Optional<Hypervisor> hypervisor = hosts.find(host);
    if (hypervisor.isEmpty()) {
      return new HostView.Unreachable(host, "it is not connected yet");
    }
    try {
      Inventory inventory = hypervisor.get().inventory();
      return new HostView.Seen(
          host,
          inventory.guest(identity.uid()),
          inventory.clash(identity.domain(), identity.uid()),
          inventory.secrets(),
          hypervisor.get().facts().acceleration());
    } catch (Unavailable e) {
      return new HostView.Unreachable(host, String.valueOf(e.getMessage()));
    }
  }

  boolean isGivenUp(String host) {
    return fence(host).filter(Fence::isShut).isPresent();
  }

  Optional<Fence> fence(String host) {
    return cluster.get(Fence.class, "", host);
  }

  /**
   * The live migration of the machine from its place that is under way. When its source was given
   * up, whether what waits at its target is old is not known, so there is none, unless the guest
   * may run there already, by post-copy.
   */
  Optional<Transit> transit(Optional<Place> place, Identity identity) {
    return place.flatMap(from ->
        cluster.list(Migration.class, identity.namespace()).stream()
            .filter(m -> m.getSpec().virtualMachine().equals(identity.name()))
            .filter(m -> isUnderWay(m.observed(), from))
            .filter(m -> m.getSpec().postCopy() || !isGivenUp(from.host()))
            .findFirst()
            .map(m -> transit(m, identity)));
  }

  private static boolean isUnderWay(Migration.Status status, Place from) {
    return status.phase() != null
        && status.phase().isUnderWay()
        && from.host().equals(status.source())
        && Objects.equals(from.epoch(), status.epoch());
  }

  private Transit transit(Migration migration, Identity identity) {
    String target = String.valueOf(migration.observed().target());
    return new Transit(
        migration.getMetadata().getName(),
        target,
        view(target, identity),
        migration.observed().phase() == Migration.Phase.Running);
  }

  /** Empty when it is not there, or the host does not answer. */
  Optional<Guest> guest(String host, UUID uid) {
    return hosts.find(host).flatMap(h -> guest(h, uid));
  }

  private static Optional<Guest> guest(Hypervisor hypervisor, UUID uid) {
    try {
      return hypervisor.inventory().guest(uid);
    } catch (Unavailable e) {
      return Optional.empty();
    }
  }

  /**
   * The machine's domains on hosts that it is not placed on. What a host that was given up still
   * runs is ended with all else there, before it is let in again.
   */
  List<Stray> strays(Optional<Place> place, UUID uid) {
    String home = place.map(Place::host).orElse("");
    List<Stray> strays = new ArrayList<>();
    for (Hypervisor hypervisor : hosts.all()) {
      if (!hypervisor.host().equals(home) && !isGivenUp(hypervisor.host())) {
        guest(hypervisor, uid)
            .filter(Guest::isOurs)
            .ifPresent(g -> strays.add(new Stray(hypervisor.host(), g)));
      }
    }
    return strays;
  }

  /** What a deleted machine had, and others still have to let go. */
  List<Wait> leaving(DesiredVirtualMachine desired) {
    List<Wait> waits = new ArrayList<>();
    Identity identity = desired.identity();
    waits.addAll(leaving(Attachment.class, identity));
    waits.addAll(leaving(Port.class, identity));
    waits.addAll(leaving(Volume.class, identity));
    return waits;
  }

  private <T extends HasMetadata> List<Wait> leaving(Class<T> type, Identity identity) {
    String kind = HasMetadata.getKind(type);
    return made(type, identity).stream()
        .filter(o -> Companions.presence(o, identity) == Presence.LEAVING)
        .map(o ->
            new Wait(
                kind,
                o.getMetadata().getName(),
                "Deleting",
                kind + " " + o.getMetadata().getName() + " is being deleted"))
        .toList();
  }

  /** All objects of the kind that were made for the machine. */
  <T extends HasMetadata> List<T> made(Class<T> type, Identity identity) {
    return cluster.list(type, identity.namespace()).stream()
        .filter(o -> Companions.presence(o, identity) != Presence.OTHERS)
        .toList();
  }
}
