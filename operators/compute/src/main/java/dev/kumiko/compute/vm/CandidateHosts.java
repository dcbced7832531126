package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.placement.Amount;
import dev.kumiko.compute.placement.Arrivals;
import dev.kumiko.compute.placement.Candidate;
import dev.kumiko.compute.placement.Decision;
import dev.kumiko.compute.placement.Demand;
import dev.kumiko.compute.placement.Fleet;
import dev.kumiko.compute.placement.Placement;
import dev.kumiko.compute.placement.Promises;
import dev.kumiko.compute.placement.Rule;
import dev.kumiko.compute.placement.Sizes;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Identity;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The hosts as placement sees them: with what placed machines were promised, and with the places
 * that were chosen a moment ago and are still being written.
 */
final class CandidateHosts {
  private final Cluster cluster;
  private final Hosts hosts;
  private final int spared;
  private final Map<String, Reserved> reserved = new ConcurrentHashMap<>();

  private record Reserved(String host, Amount amount) {}

  /**
   * @param spared loss of how many hosts there is to be room for
   */
  CandidateHosts(Cluster cluster, Hosts hosts, int spared) {
    this.cluster = cluster;
    this.hosts = hosts;
    this.spared = spared;
  }

  /**
   * Writes a choice of host down, if that host is still the one to choose. Two machines never both
   * get the last place on a host, and neither waits for the other's write.
   *
   * @param write makes the choice known by the machine's status
   * @throws Conflict when by now another host is the one to choose
   */
  void reserve(Identity machine, Demand demand, String host, Runnable write) {
    reserve(machine.uid().toString(), machine, demand, host, _ -> true, write);
  }

  /**
   * As {@link #reserve(Identity, Demand, String, Runnable)}, of a machine that has a place already.
   *
   * @param owner whose choice it is; its promise counts from here until it is written
   * @param allowed which hosts there are to choose from
   */
  void reserve(
      String owner,
      Identity machine,
      Demand demand,
      String host,
      Predicate<String> allowed,
      Runnable write) {
    synchronized (this) {
      Fleet fleet = fleet(machine, demand).among(allowed);
      if (!Placement.place(demand, fleet).equals(new Decision.Chosen(host))) {
        throw new Conflict("host " + host + " is not the one to choose any more");
      }
      reserved.put(owner, new Reserved(host, demand.amount()));
    }
    try {
      write.run();
    } finally {
      reserved.remove(owner);
    }
  }

  /** The hosts, what the machine's rules find on them, and where rules of others keep it off. */
  Fleet fleet(Identity machine, Demand demand) {
    Map<String, Reserved> unwritten = new HashMap<>(reserved);
    List<VirtualMachine> machines = cluster.list(VirtualMachine.class);
    machines.stream()
        .filter(m -> m.observed().placement() != null)
        .forEach(m -> unwritten.remove(m.getMetadata().getUid()));
    Map<String, Amount> promised = Promises.byHost(machines);
    Arrivals.byHost(cluster.list(Migration.class), machines)
        .forEach((host, amount) -> promised.merge(host, amount, Amount::plus));
    unwritten.values().forEach(r -> promised.merge(r.host(), r.amount(), Amount::plus));
    List<Candidate> candidates =
        cluster.list(Host.class).stream()
            .map(host -> {
              String name = host.getMetadata().getName();
              return candidate(host, promised.getOrDefault(name, Amount.NOTHING));
            })
            .toList();
    Neighbourhood near = new Neighbourhood(machine, machines, m -> host(m, unwritten));
    Map<Rule, Map<String, Long>> neighbours = new HashMap<>();
    demand.rules().forEach(rule -> neighbours.put(rule, near.meant(rule)));
    Optional<VirtualMachine> own =
        cluster.get(VirtualMachine.class, machine.namespace(), machine.name());
    Map<String, Set<String>> opposed =
        near.opposed(own.map(Neighbourhood::labels).orElseGet(Map::of));
    own.flatMap(CandidateHosts::home)
        .flatMap(home -> candidates.stream().filter(c -> c.name().equals(home)).findFirst())
        .ifPresent(home -> admit(home, candidates, opposed));
    return new Fleet(candidates, neighbours, opposed, spared, Set.of());
  }

  /** Where the machine is beside such neighbours already, nothing gets worse. */
  private static void admit(
      Candidate home, List<Candidate> candidates, Map<String, Set<String>> opposed) {
    opposed.forEach((topologyKey, hosts) ->
        home.domain(topologyKey)
            .ifPresent(domain ->
                candidates.stream()
                    .filter(c -> c.domain(topologyKey).filter(domain::equals).isPresent())
                    .forEach(c -> hosts.remove(c.name()))));
  }

  /** Where the machine is, or was until its host was lost. */
  private static Optional<String> home(VirtualMachine machine) {
    return Optional.ofNullable(machine.observed().placement())
        .map(VirtualMachine.Placed::host)
        .or(() ->
            Optional.ofNullable(machine.observed().recovery())
                .filter(VirtualMachine.Recovered::isUnderWay)
                .map(VirtualMachine.Recovered::from));
  }

  private static Optional<String> host(VirtualMachine machine, Map<String, Reserved> unwritten) {
    return Optional.ofNullable(machine.observed().placement())
        .map(VirtualMachine.Placed::host)
        .or(() ->
            Optional.ofNullable(unwritten.get(machine.getMetadata().getUid())).map(Reserved::host));
  }

  private Candidate candidate(Host host, Amount allocated) {
    String name = host.getMetadata().getName();
    return new Candidate(
        name,
        Optional.ofNullable(host.getMetadata().getLabels()).orElseGet(Map::of),
        host.observed().cpuModels(),
        openness(host),
        allocatable(host),
        allocated);
  }

  private Candidate.Openness openness(Host host) {
    boolean leaving = host.getMetadata().getDeletionTimestamp() != null;
    if (leaving || host.getSpec().mode() != Host.Mode.Active) {
      return Candidate.Openness.CORDONED;
    }
    boolean isFenced =
        cluster
            .get(Fence.class, "", host.getMetadata().getName())
            .filter(fence -> !fence.isOver())
            .isPresent();
    if (isFenced) {
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
