package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.placement.Amount;
import dev.kumiko.compute.placement.Candidate;
import dev.kumiko.compute.placement.Promises;
import dev.kumiko.compute.placement.Sizes;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The hosts as placement sees them. */
final class CandidateHosts {
  private final Cluster cluster;
  private final Hosts hosts;

  CandidateHosts(Cluster cluster, Hosts hosts) {
    this.cluster = cluster;
    this.hosts = hosts;
  }

  List<Candidate> all() {
    Map<String, Amount> promised = Promises.byHost(cluster.list(VirtualMachine.class));
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
