package dev.kumiko.compute.migration;

import dev.kumiko.compute.migration.DesiredMigration.Machine;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * What has to be there before a guest is moved: its disks granted to both hosts, its interfaces
 * programmed on both, its keys at the target. Its machine asks for all that.
 *
 * @param leads whether this process holds its lease right now
 */
record Preparation(Cluster cluster, GuestSight sight, BooleanSupplier leads) {

  /** What is missing, from the cache. */
  List<Wait> missing(DesiredMigration desired, Route route) {
    Machine machine = desired.machine().orElseThrow();
    List<Wait> waits = new ArrayList<>();
    for (String volume : machine.volumes()) {
      if (!isGranted(cluster.get(Attachment.class, desired.namespace(), volume), route)) {
        waits.add(
            new Wait(
                "Attachment",
                volume,
                "NotGranted",
                "Attachment "
                    + volume
                    + " is not granted to hosts "
                    + route.source()
                    + " and "
                    + route.target()
                    + " yet: see its conditions"));
      }
    }
    for (String port : machine.ports()) {
      if (!isProgrammed(cluster.get(Port.class, desired.namespace(), port), route)) {
        waits.add(
            new Wait(
                "Port",
                port,
                "NotProgrammed",
                "Port "
                    + port
                    + " is not programmed on host "
                    + route.target()
                    + " yet: see its conditions"));
      }
    }
    keys(waits, desired, route);
    return waits;
  }

  private void keys(List<Wait> waits, DesiredMigration desired, Route route) {
    Set<String> lacking = new HashSet<>(sight.keys(route.source(), desired.guest()));
    lacking.removeAll(sight.host(route.target()).inventory().secrets().keySet());
    if (!lacking.isEmpty()) {
      waits.add(
          new Wait(
              "Host",
              route.target(),
              "KeyMissing",
              "host " + route.target() + " has not been given the Ceph keys of the guest yet"));
    }
  }

  /**
   * The last look, past every cache.
   *
   * @throws Conflict when something no longer holds
   */
  void hold(DesiredMigration desired, Route route) {
    Machine machine = desired.machine().orElseThrow();
    VirtualMachine.Placed place = new VirtualMachine.Placed(route.source(), route.epoch());
    must(
        cluster
            .fresh(VirtualMachine.class, desired.namespace(), desired.name())
            .filter(m -> m.getMetadata().getDeletionTimestamp() == null)
            .filter(m -> place.equals(m.observed().placement()))
            .isPresent(),
        "its machine is not placed on " + place);
    for (String volume : machine.volumes()) {
      must(
          isGranted(cluster.fresh(Attachment.class, desired.namespace(), volume), route),
          "Volume " + volume + " is not granted to both hosts");
    }
    must(leads.getAsBoolean(), "this process may not move guests any more");
  }

  private static void must(boolean holds, String otherwise) {
    if (!holds) {
      throw new Conflict(otherwise);
    }
  }

  private static boolean isGranted(Optional<Attachment> attachment, Route route) {
    return attachment
        .filter(a -> a.getMetadata().getDeletionTimestamp() == null)
        .map(Attachment::observed)
        .filter(status -> Objects.equals(status.grantedEpoch(), route.epoch()))
        .filter(
            status -> status.grantedHosts().containsAll(List.of(route.source(), route.target())))
        .isPresent();
  }

  private static boolean isProgrammed(Optional<Port> port, Route route) {
    return port.filter(p -> p.getSpec().hosts().contains(route.target()))
        .filter(
            p -> Objects.equals(p.observed().observedGeneration(), p.getMetadata().getGeneration()))
        .filter(p -> p.observed().programmedOn().contains(route.target()))
        .isPresent();
  }
}
