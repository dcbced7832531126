package dev.kumiko.network.controller;

import dev.kumiko.network.claim.ClaimName;
import dev.kumiko.network.claim.Claims;
import dev.kumiko.network.controller.ObservedController.View;
import dev.kumiko.network.fabric.FabricHealth;
import dev.kumiko.network.fabric.FabricSettings;
import dev.kumiko.network.fabric.FabricTables;
import dev.kumiko.network.fabric.Fabrics;
import dev.kumiko.network.fabric.WakingListener;
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
import dev.kumiko.v1alpha1.Fabric;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.Vrf;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes a Fabric true: a connection to its controller, and a look at its hosts and VLANs. */
public final class ControllerKind
    implements Kind<Fabric, DesiredController, ObservedController, ControllerAction> {
  /** Counts follow at this pace, so that a new Network costs no write here. */
  private static final Duration RECOUNT = Duration.ofSeconds(30);

  /** Kinds that have rows. */
  private static final Map<String, Class<? extends HasMetadata>> OWNERS =
      Map.of("Vrf", Vrf.class, "Network", Network.class, "Port", Port.class);

  private final Cluster cluster;
  private final Fabrics fabrics;
  private final Claims claims;

  public ControllerKind(Cluster cluster, Fabrics fabrics) {
    this.cluster = cluster;
    this.fabrics = fabrics;
    this.claims = new Claims(cluster, fabrics);
  }

  @Override
  public Class<Fabric> type() {
    return Fabric.class;
  }

  @Override
  public Desired<DesiredController> desire(Fabric fabric) {
    String name = fabric.getMetadata().getName();
    if (fabric.getMetadata().getDeletionTimestamp() == null) {
      return new Desired.Present<>(new DesiredController(name, Optional.of(fabrics.wanted(name))));
    }
    List<Wait> users =
        cluster.list(Vrf.class).stream()
            .filter(vrf -> vrf.getSpec().fabric().equals(name))
            .map(vrf -> Wait.referrer("Vrf", vrf.getMetadata().getName()))
            .toList();
    return users.isEmpty()
        ? new Desired.Absent<>(new DesiredController(name, Optional.empty()))
        : new Desired.Blocked<>(users);
  }

  @Override
  public ObservedController observe(Fabric fabric, DesiredController asked) {
    return new ObservedController(
        fabrics.connected(asked.name()),
        fabrics.connected(asked.name()).map(settings -> view(asked.name())));
  }

  private View view(String name) {
    FabricTables tables = fabrics.get(name);
    FabricHealth health = tables.health();
    return health.isConnected()
        ? new View(
            health,
            tables.chassis(),
            Optional.of(tables.foreignSegments()),
            orphans(tables),
            abandoned(name))
        : new View(health, tables.chassis(), Optional.empty(), List.of(), List.of());
  }

  private List<String> abandoned(String name) {
    return claims.abandoned(name).stream()
        .map(claim -> claim.getMetadata().getName())
        .sorted()
        .toList();
  }

  /** Rows whose resource was removed without its finalizer, or belongs to another cluster. */
  private List<String> orphans(FabricTables tables) {
    return tables.owners().stream()
        .filter(owner -> !exists(owner))
        .map(owner -> owner.kind() + " " + owner.key() + " (" + owner.uid() + ")")
        .sorted()
        .toList();
  }

  private boolean exists(Ownership owner) {
    return Optional.ofNullable(OWNERS.get(owner.kind()))
        .flatMap(type -> cluster.get(type, owner.namespace(), owner.name()))
        .filter(found -> owner.uid().equals(found.getMetadata().getUid()))
        .isPresent();
  }

  @Override
  public List<ControllerAction> plan(
      Desired<DesiredController> desired, ObservedController observed) {
    return ControllerPlan.plan(desired, observed);
  }

  @Override
  public void apply(Pass<Fabric> pass, ControllerAction action) {
    switch (action) {
      case ControllerAction.Connect connect -> fabrics.connect(connect.settings());
      case ControllerAction.Collect collect -> claims.collect(collect.claim());
      case ControllerAction.Disconnect disconnect -> fabrics.disconnect(disconnect.fabric());
    }
  }

  @Override
  public Report report(
      Fabric fabric, Desired<DesiredController> desired, Optional<ObservedController> observed) {
    Optional<View> view = observed.flatMap(ObservedController::view);
    String endpoint = FabricSettings.endpoint(fabric.getMetadata().getName());
    return view.map(v ->
            Report.of(status(fabric, v), ControllerReport.readiness(endpoint, v))
                .with(ControllerReport.orphans(v).toArray(Report.Aspect[]::new)))
        .orElseGet(() ->
            Report.of(
                fabric.observed(),
                Readiness.waiting("Connecting", "the controller is not connected yet")))
        .recheckAfter(RECOUNT);
  }

  private Fabric.Status status(Fabric fabric, View view) {
    Fabric.Status before = fabric.observed();
    Set<String> used = claims.values(ClaimName.vlans(fabric.getMetadata().getName()));
    Set<String> all =
        fabric.getSpec().vlanRanges().stream()
            .flatMapToInt(range -> IntStream.rangeClosed(range.from(), range.to()))
            .mapToObj(Integer::toString)
            .collect(Collectors.toSet());
    int free = (int) all.stream().filter(vlan -> !used.contains(vlan)).count();
    return new Fabric.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        view.health().version().orElse(before.version()),
        view.live() + "/" + view.chassis().size(),
        used.size(),
        free,
        view.foreignSegments().orElse(before.foreignSegments()));
  }

  @Override
  public List<Watch<?>> watches() {
    return List.of(
        new Watch<>(Vrf.class, vrf -> List.of(new ObjectKey("", vrf.getSpec().fabric()))));
  }

  @Override
  public void listen(Wake wake) {
    fabrics.listen(new WakingListener<>(Fabric.class, cluster, wake));
  }
}
