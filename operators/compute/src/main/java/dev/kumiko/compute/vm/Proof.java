package dev.kumiko.compute.vm;

import dev.kumiko.compute.vm.DesiredVirtualMachine.DiskAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Identity;
import dev.kumiko.compute.vm.DesiredVirtualMachine.NicAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Presence;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The last look before a guest's processors run, past every cache: the machine is still placed
 * there, storage has granted every disk for it, the network is programmed there, and this process
 * may still act. A guest that ran and goes on, also on another host, does not wait for the network:
 * its interfaces were programmed before it stood still.
 *
 * @param leads whether this process holds its lease right now
 */
record Proof(Cluster cluster, BooleanSupplier leads) {

  /**
   * @throws Conflict when something no longer holds
   */
  void hold(DesiredVirtualMachine machine, Place place) {
    Identity identity = machine.identity();
    must(isPlaced(machine, place), "the machine is not placed on %s", place);
    for (DiskAsk disk : machine.disks()) {
      must(
          isGranted(identity, disk.volume(), place),
          "Volume " + disk.volume() + " is not granted for %s",
          place);
    }
    for (NicAsk nic : machine.ran() ? List.<NicAsk>of() : machine.nics()) {
      must(
          isProgrammed(identity, nic.port(), place),
          "Port " + nic.port() + " is not programmed on %s",
          place);
    }
    must(leads.getAsBoolean(), "this process may not start guests any more; wanted: %s", place);
  }

  private static void must(boolean holds, String otherwise, Place place) {
    if (!holds) {
      throw new Conflict(otherwise.formatted(place.host() + " at epoch " + place.epoch()));
    }
  }

  /** A guest that ran is let run also to power off. */
  private boolean isPlaced(DesiredVirtualMachine machine, Place place) {
    Identity identity = machine.identity();
    return fresh(VirtualMachine.class, identity, identity.name())
        .filter(m -> m.getMetadata().getUid().equals(identity.uid().toString()))
        .filter(m -> machine.ran() || m.getMetadata().getDeletionTimestamp() == null)
        .map(m -> m.observed().placement())
        .filter(new VirtualMachine.Placed(place.host(), place.epoch())::equals)
        .isPresent();
  }

  private boolean isGranted(Identity identity, String volume, Place place) {
    return ours(Attachment.class, identity, volume)
        .map(a -> VirtualMachineObserve.attachment(a, identity))
        .filter(a -> a.isGranted(place))
        .isPresent();
  }

  private boolean isProgrammed(Identity identity, String port, Place place) {
    return fresh(Port.class, identity, port)
        .filter(o -> Companions.presence(o, identity) != Presence.OTHERS)
        .map(p -> VirtualMachineObserve.port(p, identity))
        .filter(p -> p.hosts().contains(place.host()) && p.programmedOn().contains(place.host()))
        .isPresent();
  }

  private <T extends HasMetadata> Optional<T> ours(Class<T> type, Identity identity, String name) {
    return fresh(type, identity, name)
        .filter(o -> Companions.presence(o, identity) == Presence.OURS);
  }

  private <T extends HasMetadata> Optional<T> fresh(Class<T> type, Identity identity, String name) {
    return cluster.fresh(type, identity.namespace(), name);
  }
}
