package dev.kumiko.compute.migration;

import dev.kumiko.compute.domainxml.Marker;
import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.libvirt.Hypervisor;
import dev.kumiko.compute.migration.ObservedMigration.Side;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.v1alpha1.Fence;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What the hosts have of a guest; a host that does not answer is waited for, unless given up. */
record GuestSight(Cluster cluster, Hosts hosts) {

  /**
   * @throws Unavailable when it is not connected
   */
  Hypervisor host(String name) {
    return hosts.connected(name);
  }

  boolean isGivenUp(String host) {
    return cluster.get(Fence.class, "", host).filter(Fence::isShut).isPresent();
  }

  /**
   * @throws Unavailable when nothing is known
   */
  Side of(String host, UUID guest, long epoch) {
    if (isGivenUp(host)) {
      return new Side.GivenUp();
    }
    Optional<Guest> domain = host(host).inventory().guest(guest);
    return new Side.Seen(
        domain
            .filter(g -> g.state() != GuestState.STOPPED)
            .filter(g -> g.active().map(Marker::epoch).filter(e -> e == epoch).isPresent())
            .map(Guest::state),
        domain.isPresent());
  }

  /** Usages of the Ceph keys that the guest's disks need. */
  Set<String> keys(String host, UUID guest) {
    return host(host).inventory().guest(guest).flatMap(Guest::definition).stream()
        .flatMap(definition -> definition.disks().stream())
        .map(disk -> disk.image().secretUsage())
        .collect(Collectors.toSet());
  }
}
