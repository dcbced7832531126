package dev.kumiko.network.port;

import dev.kumiko.network.address.Prefix;
import dev.kumiko.network.claim.Claims;
import dev.kumiko.network.claim.Holding;
import dev.kumiko.network.fabric.Fabrics;
import dev.kumiko.network.fabric.WakingListener;
import dev.kumiko.network.port.DesiredPort.Place;
import dev.kumiko.network.port.DesiredPort.Segment;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Pass;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.reconcile.Wake;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.v1alpha1.Claim;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Makes a Port true: an address that is nobody else's, and flows where the guest is. */
public final class PortKind implements Kind<Port, DesiredPort, ObservedPort, PortAction> {
  private static final Duration COMMIT = Duration.ofSeconds(5);

  /** What was given back between the look and the report is found by looking again. */
  private static final Duration RETRY = Duration.ofSeconds(15);

  private final Cluster cluster;
  private final Fabrics fabrics;
  private final Claims claims;
  private final PortSegments segments;

  public PortKind(Cluster cluster, Fabrics fabrics) {
    this.cluster = cluster;
    this.fabrics = fabrics;
    this.claims = new Claims(cluster, fabrics);
    this.segments = new PortSegments(cluster, claims);
  }

  @Override
  public Class<Port> type() {
    return Port.class;
  }

  @Override
  public Desired<DesiredPort> desire(Port port) {
    if (port.getMetadata().getDeletionTimestamp() != null && users(port).isEmpty()) {
      return absent(port);
    }
    return switch (segments.of(port)) {
      case PortSegments.Found(var segment) ->
          new Desired.Present<>(PortSpecs.checked(read(port, segment)));
      case PortSegments.Missing(var on) -> Desired.blockedOn(on);
    };
  }

  /** Who keeps a Port that is to go: until then it is kept as if it were not. */
  private List<Wait> users(Port port) {
    return port.getMetadata().getDeletionTimestamp() == null
        ? List.of()
        : new PortUsers(cluster).of(port);
  }

  private Desired<DesiredPort> absent(Port port) {
    return new Desired.Absent<>(
        new DesiredPort(
            Ownership.of(port),
            segments.former(port),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty()));
  }

  private DesiredPort read(Port port, Segment segment) {
    return new DesiredPort(
        Ownership.of(port),
        segment,
        Optional.ofNullable(port.getSpec().address()).map(PortSpecs::address),
        Optional.ofNullable(port.getSpec().mac()),
        segments.places(port),
        Optional.ofNullable(port.getSpec().probe()).map(Port.Probe::tcpPort));
  }

  @Override
  public ObservedPort observe(Port port, DesiredPort asked) {
    return new PortSight(claims, fabrics).of(port, asked);
  }

  @Override
  public List<PortAction> plan(Desired<DesiredPort> desired, ObservedPort observed) {
    return new PortPlan(fabrics.rendering()).plan(desired, observed);
  }

  @Override
  public void apply(Pass<Port> pass, PortAction action) {
    switch (action) {
      case PortAction.Take take -> claims.take(take.claims(), take.owner());
      case PortAction.Release release -> claims.release(release.claim(), release.owner());
      case PortAction.Program program -> {
        if (program.under().stream()
            .allMatch(c -> claims.holding(c, program.owner()) instanceof Holding.Mine)) {
          fabrics.get(program.fabric()).commit(program.owner(), program.rows(), COMMIT);
        }
      }
      case PortAction.Withdraw withdraw ->
          fabrics.get(withdraw.fabric()).commit(withdraw.owner(), Set.of(), COMMIT);
    }
  }

  @Override
  public Report report(Port port, Desired<DesiredPort> desired, Optional<ObservedPort> observed) {
    if (desired instanceof Desired.Present<DesiredPort>(var asked) && observed.isPresent()) {
      List<Wait> users = users(port);
      Readiness readiness =
          users.isEmpty()
              ? PortReport.readiness(asked, observed.get())
              : new Readiness.Waiting(users.getFirst().reason(), users.getFirst().message(), users);
      Report report = Report.of(status(port, asked, observed.get()), readiness);
      return PortReport.TAKEN.contains(report.readiness().reason())
          ? report.recheckAfter(RETRY)
          : report;
    }
    return Report.of(
        port.observed(), Readiness.waiting("Deleting", "rows and claims are taken back"));
  }

  private static Port.Status status(Port port, DesiredPort asked, ObservedPort observed) {
    Port.Status before = port.observed();
    Segment segment = asked.segment();
    Optional<Long> address = observed.address().mine();
    List<String> done = observed.fabric().done(asked.places()).stream().map(Place::host).toList();
    Optional<String> host =
        asked.places().stream()
            .filter(place -> observed.fabric().carries(place.chassis()))
            .map(Place::host)
            .findFirst();
    return new Port.Status(
        port.getMetadata().getGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        address.map(Prefix::text).orElse(null),
        segment.pool().prefix().length(),
        Prefix.text(segment.pool().gateway()),
        address.map(asked::mac).orElse(null),
        segment.vlan(),
        segment.mtuBytes(),
        host.orElse(null),
        done,
        asked.probedTcpPort().map(p -> observed.fabric().answers(asked.places())).orElse(null));
  }

  @Override
  public List<Watch<?>> watches() {
    return List.of(
        new Watch<>(
            Network.class,
            network ->
                keysOf(port ->
                    port.getMetadata().getNamespace().equals(network.getMetadata().getNamespace())
                        && port.getSpec().network().equals(network.getMetadata().getName()))),
        new Watch<>(
            VirtualMachine.class,
            vm ->
                cluster.list(Port.class, vm.getMetadata().getNamespace()).stream()
                    .filter(port -> port.getMetadata().getDeletionTimestamp() != null)
                    .map(ObjectKey::of)
                    .toList()),
        new Watch<>(Claim.class, claim -> isOfPort(claim) ? keysOf(PortKind::isOut) : List.of()));
  }

  /** A port that found something taken may have it when it is given back. */
  private static boolean isOut(Port port) {
    return port.observed()
        .condition(Condition.READY)
        .filter(ready -> PortReport.TAKEN.contains(ready.reason()))
        .isPresent();
  }

  private static boolean isOfPort(Claim claim) {
    return claim.getSpec().kind().equals("Port");
  }

  private List<ObjectKey> keysOf(Predicate<Port> which) {
    return cluster.list(Port.class).stream().filter(which).map(ObjectKey::of).toList();
  }

  @Override
  public void listen(Wake wake) {
    fabrics.listen(new WakingListener<>(Port.class, cluster, wake));
  }
}
