package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.placement.Amount;
import dev.kumiko.compute.placement.Candidate;
import dev.kumiko.compute.placement.Decision;
import dev.kumiko.compute.placement.Demand;
import dev.kumiko.compute.placement.Placement;
import dev.kumiko.compute.placement.Promises;
import dev.kumiko.compute.placement.Sizes;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The hosts as placement sees them: with what placed machines were promised, and with the places
 * that were chosen a moment ago and are still being written.
 */
final class CandidateHosts {
  private final Cluster cluster;
  private final Hosts hosts;
  private final Map<String, Reserved> reserved = new ConcurrentHashMap<>();

  private record Reserved(String host, Amount amount) {}

  CandidateHosts(Cluster cluster, Hosts hosts) {
    this.cluster = cluster;
    this.hosts = hosts;
  }

  /**
   * Writes a choice of host down, if that host is still the one to choose. Two machines never both
   * get the last place on a host, and neither waits for the other's write.
   *
   * @param write makes the choice known by the machine's status
   * @throws Conflict when by now another host is the one to choose
   */
  void reserve(UUID machine, Demand demand, String host, Runnable write) {
    String uid = machine.toString();
    synchronized (this) {
      if (!Placement.place(demand, all()).equals(new Decision.Chosen(host))) {
        throw new Conflict("host " + host + " is not the one to choose any more");
      }
      reserved.put(uid, new Reserved(host, demand.amount()));
    }
    try {
      write.run();
    } finally {
      reserved.remove(uid);
    }
  }

  List<Candidate> all() {
    Map<String, Reserved> unwritten = new HashMap<>(reserved);
    List<VirtualMachine> machines = cluster.list(VirtualMachine.class);
    machines.stream()
        .filter(machine -> machine.observed().placement() != null)
        .forEach(machine -> unwritten.remove(machine.getMetadata().getUid()));
    Map<String, Amount> promised = Promises.byHost(machines);
    unwritten.values().forEach(r -> promised.merge(r.host(), r.amount(), Amount::plus));
    return cluster.list(Host.class).stream()
        .map(host -> {
          String name = host.getMetadata().getName();
          return candidate(host, promised.getOrDefault(name, Amount.NOTHING));
        })
        .toList();
  }

  private Candidate candidate(Host host, Amount allocated) {
    String name = host.getMetadata().getName();
    return new Candidate(
        name,
        Optional.ofNullable(host.getMetadata().getLabels()).orElseGet(Map::of),
        openness(host),
        allocatable(host),
        allocated);
  }

  private Candidate.Openness openness(Host host) {
    boolean leaving = host.getMetadata().getDeletionTimestamp() != null;
    if (leaving || host.getSpec().mode() != Host.Mode.Active) {
      return Candidate.Openness.CORDONED;
    }
    if (cluster.get(Fence.class, "", host.getMetadata().getName()).isPresent()) {
      return Candidate.Openness.FENCED;
    }
    boolean connected =
        hosts.find(host.getMetadata().getName()).map(h -> h.link().isConnected()).orElse(false);
    return connected && host.observed().allocatable() != null
        ? Candidate.Openness.OPEN
        : Candidate.Openness.DISCONNECTED;
  }

  private static Amount allocatable(Host host) {
    return Optional.ofNullable(host.observed().allocatable())
        .map(r ->
            new Amount(
                Optional.ofNullable(r.vcpus()).orElse(0),
                Optional.ofNullable(r.memory()).map(Sizes::kibibytes).orElse(0L)))
        .orElse(Amount.NOTHING);
  }
}
