package dev.kumiko.network.network;

import dev.kumiko.network.address.AddressPool;
import dev.kumiko.network.address.Prefix;
import dev.kumiko.network.claim.ClaimName;
import dev.kumiko.network.claim.Claims;
import dev.kumiko.network.claim.Holding;
import dev.kumiko.network.fabric.Fabrics;
import dev.kumiko.network.fabric.WakingListener;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Pass;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.reconcile.Wake;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.v1alpha1.Claim;
import dev.kumiko.v1alpha1.Fabric;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.Vrf;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Makes a Network true: a VLAN that is nobody else's, with router and addresses, on every host. */
public final class NetworkKind
    implements Kind<Network, DesiredNetwork, ObservedNetwork, NetworkAction> {
  private static final Duration COMMIT = Duration.ofSeconds(5);

  /** Addresses are counted again at the latest after this. */
  private static final Duration RECOUNT = Duration.ofSeconds(30);

  private final Cluster cluster;
  private final Fabrics fabrics;
  private final Claims claims;
  private final NetworkPlaces places;
  private final DeclaredHosts hosts;
  private final Counting counting;
  private final ReentrantLock taking = new ReentrantLock();

  public NetworkKind(Cluster cluster, Fabrics fabrics) {
    this(cluster, fabrics, InstantSource.system());
  }

  NetworkKind(Cluster cluster, Fabrics fabrics, InstantSource clock) {
    this.counting = new Counting(clock);
    this.cluster = cluster;
    this.fabrics = fabrics;
    this.claims = new Claims(cluster, fabrics);
    this.places = new NetworkPlaces(cluster, claims);
    this.hosts = new DeclaredHosts(cluster);
  }

  @Override
  public Class<Network> type() {
    return Network.class;
  }

  @Override
  public Desired<DesiredNetwork> desire(Network network) {
    if (network.getMetadata().getDeletionTimestamp() != null) {
      List<Wait> users =
          ports(network).stream()
              .map(port -> Wait.referrer("Port", ObjectKey.of(port).toString()))
              .toList();
      return users.isEmpty()
          ? new Desired.Absent<>(NetworkSpecs.read(network, places.former(network)))
          : new Desired.Blocked<>(users);
    }
    return switch (places.of(network)) {
      case NetworkPlaces.Found(var place) ->
          new Desired.Present<>(checked(NetworkSpecs.read(network, place)));
      case NetworkPlaces.Missing(var on) -> Desired.blockedOn(on);
    };
  }

  /** Ranges say what is handed out from now on: a VLAN that is held stays. */
  private DesiredNetwork checked(DesiredNetwork asked) {
    String fabric = asked.place().fabric();
    asked
        .options()
        .fixedVlan()
        .filter(vlan ->
            !(claims.holding(ClaimName.vlan(fabric, vlan), asked.owner()) instanceof Holding.Mine))
        .ifPresent(vlan -> NetworkSpecs.checkVlan(vlan, asked.place()));
    return NetworkSpecs.checked(asked);
  }

  private List<Port> ports(Network network) {
    return cluster.list(Port.class, network.getMetadata().getNamespace()).stream()
        .filter(port -> port.getSpec().network().equals(network.getMetadata().getName()))
        .toList();
  }

  @Override
  public ObservedNetwork observe(Network network, DesiredNetwork asked) {
    return new NetworkSight(cluster, claims, fabrics, hosts).of(network, asked);
  }

  @Override
  public List<NetworkAction> plan(Desired<DesiredNetwork> desired, ObservedNetwork observed) {
    return new NetworkPlan(fabrics.rendering()).plan(desired, observed);
  }

  @Override
  public List<String> outlook(Desired<DesiredNetwork> desired, ObservedNetwork observed) {
    return new NetworkPlan(fabrics.rendering())
        .outlook(desired, observed).stream().map(NetworkAction::describe).toList();
  }

  @Override
  public void apply(Pass<Network> pass, NetworkAction action) {
    switch (action) {
      case NetworkAction.Take take -> take(take);
      case NetworkAction.Release release -> claims.release(release.claim(), release.owner());
      case NetworkAction.Program program -> {
        if (program.under().stream()
            .allMatch(c -> claims.holding(c, program.owner()) instanceof Holding.Mine)) {
          fabrics.get(program.fabric()).commit(program.owner(), program.rows(), COMMIT);
        }
      }
      case NetworkAction.Withdraw withdraw ->
          fabrics.get(withdraw.fabric()).commit(withdraw.owner(), java.util.Set.of(), COMMIT);
    }
  }

  /** One after the other, so that who sees its own claim sees all that are older. */
  private void take(NetworkAction.Take take) {
    taking.lock();
    try {
      claims.take(take.claims(), take.owner());
    } finally {
      taking.unlock();
    }
  }

  @Override
  public Report report(
      Network network, Desired<DesiredNetwork> desired, Optional<ObservedNetwork> observed) {
    if (desired instanceof Desired.Present<DesiredNetwork>(var asked) && observed.isPresent()) {
      ObservedNetwork seen = observed.get();
      return Report.of(status(network, asked, seen), NetworkReport.readiness(asked, seen))
          .with(NetworkReport.meetings(seen.fabric()).toArray(Report.Aspect[]::new))
          .recheckAfter(RECOUNT);
    }
    return Report.of(
        network.observed(), Readiness.waiting("Deleting", "rows and claims are taken back"));
  }

  private Network.Status status(Network network, DesiredNetwork asked, ObservedNetwork observed) {
    Network.Status before = network.observed();
    Counting.Counts counts =
        observed
            .vlan()
            .mine()
            .map(vlan ->
                counting.of(
                    network,
                    () ->
                        counts(
                            asked.place().fabric(),
                            AddressPool.of(asked.subnet(), observed.addresses().prober()))))
            .orElse(Counting.NONE);
    Optional<String> prober =
        observed
            .addresses()
            .prober()
            .filter(observed.addresses().mine()::contains)
            .map(Prefix::text)
            .or(() -> Optional.ofNullable(before.prober()));
    return new Network.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        observed.vlan().mine().orElse(null),
        asked.gateway(),
        prober.orElse(null),
        counts.used(),
        counts.free(),
        observed.fabric().programmed().size() + "/" + observed.fabric().live().size());
  }

  private Counting.Counts counts(String fabric, AddressPool pool) {
    int used =
        (int)
            claims.beginningWith(ClaimName.addresses(fabric)).stream()
                .filter(claim -> claim.getSpec().kind().equals(HasMetadata.getKind(Port.class)))
                .filter(claim -> pool.prefix().contains(Prefix.number(claim.getSpec().value())))
                .count();
    return new Counting.Counts(used, Math.clamp(pool.size() - used, 0, Integer.MAX_VALUE));
  }

  @Override
  public List<Watch<?>> watches() {
    return List.of(
        new Watch<>(Fabric.class, fabric -> keysOf(network -> true)),
        new Watch<>(Host.class, host -> hosts.haveChanged() ? keysOf(n -> true) : List.of()),
        new Watch<>(Vrf.class, vrf -> keysOf(in(vrf.getSpec().tenant()))),
        new Watch<>(
            Claim.class,
            claim -> isOfNetwork(claim) ? keysOf(n -> n.observed().vlan() == null) : List.of()),
        new Watch<>(
            Port.class,
            port ->
                keysOf(
                    in(port.getMetadata().getNamespace())
                        .and(n -> n.getMetadata().getDeletionTimestamp() != null))));
  }

  private static Predicate<Network> in(String namespace) {
    return network -> network.getMetadata().getNamespace().equals(namespace);
  }

  /** One without a VLAN may be waiting for what another network gives back. */
  private static boolean isOfNetwork(Claim claim) {
    return claim.getSpec().kind().equals("Network");
  }

  private List<ObjectKey> keysOf(Predicate<Network> which) {
    return cluster.list(Network.class).stream().filter(which).map(ObjectKey::of).toList();
  }

  @Override
  public void listen(Wake wake) {
    fabrics.listen(new WakingListener<>(Network.class, cluster, wake));
  }
}
