package dev.kumiko.compute.host;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.libvirt.Hypervisor;
import dev.kumiko.compute.libvirt.Inventory;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.List;
import java.util.Optional;

/**
 * Finds and ends domains whose machines are gone: an operator that lost its lease may have been
 * late with a start, which then waits for a proof that nobody gives.
 */
record Orphans(Cluster cluster, Hosts hosts) {
  /** As far as the cache knows. */
  List<Orphan> among(Inventory inventory) {
    return inventory.guests().values().stream()
        .flatMap(guest -> Orphan.of(guest).stream())
        .filter(orphan ->
            isGone(
                cluster.get(
                    VirtualMachine.class, orphan.owner().namespace(), orphan.owner().name()),
                orphan))
        .toList();
  }

  /**
   * Past the cache: a machine that is not known yet is not gone. One that is gone never comes back,
   * as its UID is its own.
   *
   * @throws Conflict when its machine is there
   */
  void end(String host, Orphan orphan) {
    String namespace = orphan.owner().namespace();
    String name = orphan.owner().name();
    if (!isGone(cluster.fresh(VirtualMachine.class, namespace, name), orphan)) {
      throw new Conflict("VirtualMachine " + namespace + "/" + name + " is there");
    }
    Hypervisor hypervisor = hosts.connected(host);
    Optional<Guest> guest = hypervisor.inventory().guest(orphan.guest());
    if (guest.flatMap(Orphan::of).filter(orphan::equals).isPresent()) {
      if (guest.get().state().isActive()) {
        hypervisor.destroy(orphan.guest(), orphan.epoch());
      }
      hypervisor.undefine(orphan.guest());
    }
  }

  private static boolean isGone(Optional<VirtualMachine> machine, Orphan orphan) {
    return machine.filter(m -> m.getMetadata().getUid().equals(orphan.owner().uid())).isEmpty();
  }
}
