package dev.kumiko.network.vrf;

import dev.kumiko.network.fabric.FabricTables;
import dev.kumiko.network.fabric.Fabrics;
import dev.kumiko.network.fabric.ForeignRow;
import dev.kumiko.network.fabric.Rendering;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.VrfShape;
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
import dev.kumiko.v1alpha1.Vrf;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes a Vrf true: one logical router that connects the tenant's networks. */
public final class VrfKind implements Kind<Vrf, DesiredVrf, ObservedVrf, VrfAction> {
  private static final Duration COMMIT = Duration.ofSeconds(5);
  private final Cluster cluster;
  private final Fabrics fabrics;

  public VrfKind(Cluster cluster, Fabrics fabrics) {
    this.cluster = cluster;
    this.fabrics = fabrics;
  }

  @Override
  public Class<Vrf> type() {
    return Vrf.class;
  }

  @Override
  public Desired<DesiredVrf> desire(Vrf vrf) {
    Vrf.Spec spec = vrf.getSpec();
    DesiredVrf asked =
        new DesiredVrf(spec.fabric(), new VrfShape(Ownership.of(vrf), spec.tenant()));
    if (vrf.getMetadata().getDeletionTimestamp() != null) {
      List<Wait> users =
          cluster.list(Network.class, spec.tenant()).stream()
              .map(network -> Wait.referrer("Network", ObjectKey.of(network).toString()))
              .toList();
      return users.isEmpty() ? new Desired.Absent<>(asked) : new Desired.Blocked<>(users);
    }
    return cluster.get(Fabric.class, "", spec.fabric()).isPresent()
        ? new Desired.Present<>(asked)
        : Desired.blockedOn(Wait.missing("Fabric", spec.fabric()));
  }

  @Override
  public ObservedVrf observe(Vrf vrf, DesiredVrf asked) {
    if (wasNeverProgrammed(vrf)) {
      return new ObservedVrf("ovn/" + asked.fabric(), Set.of(), List.of());
    }
    FabricTables tables = fabrics.get(asked.fabric());
    return new ObservedVrf(
        tables.endpoint(),
        tables.observe(asked.shape().owner()).rows(),
        tables.foreign(tables.rendering().routers(), asked.shape().name()).stream()
            .map(ForeignRow::describe)
            .toList());
  }

  /** Without its Fabric nothing was programmed, and nothing keeps its deletion up. */
  private boolean wasNeverProgrammed(Vrf vrf) {
    return vrf.observed().id() == null
        && cluster.get(Fabric.class, "", vrf.getSpec().fabric()).isEmpty();
  }

  @Override
  public List<VrfAction> plan(Desired<DesiredVrf> desired, ObservedVrf observed) {
    return new VrfPlan(rendering()).plan(desired, observed);
  }

  private Rendering rendering() {
    return fabrics.rendering();
  }

  @Override
  public void apply(Pass<Vrf> pass, VrfAction action) {
    switch (action) {
      case VrfAction.Program program ->
          fabrics.get(program.fabric()).commit(program.owner(), program.rows(), COMMIT);
    }
  }

  @Override
  public Report report(Vrf vrf, Desired<DesiredVrf> desired, Optional<ObservedVrf> observed) {
    Optional<Row> router = observed.flatMap(o -> o.rows().stream().findFirst());
    String id = router.map(row -> row.id().toString()).orElse(null);
    Vrf.Status before = vrf.observed();
    Vrf.Status status =
        new Vrf.Status(
            before.observedGeneration(), before.conditions(), before.waitingFor(), List.of(), id);
    Readiness readiness =
        router.isPresent()
            ? new Readiness.Ready(
                "logical router " + id + " is on fabric " + vrf.getSpec().fabric())
            : Readiness.waiting("Programming", "the logical router is not there yet");
    Report report = Report.of(status, readiness);
    List<String> foreign = observed.map(ObservedVrf::foreign).orElseGet(List::of);
    return foreign.isEmpty()
        ? report
        : report.with(
            new Report.Aspect(
                "ForeignName",
                true,
                "NameInUse",
                String.join(", ", foreign)
                    + " has the same name and is not ours: it is left alone; rename it to tell them"
                    + " apart"));
  }

  @Override
  public List<Watch<?>> watches() {
    return List.of(
        new Watch<>(Fabric.class, fabric -> keysOf(v -> v.fabric().equals(name(fabric)))),
        new Watch<>(
            Network.class,
            network -> keysOf(v -> v.tenant().equals(network.getMetadata().getNamespace()))));
  }

  private static String name(Fabric fabric) {
    return fabric.getMetadata().getName();
  }

  private List<ObjectKey> keysOf(java.util.function.Predicate<Vrf.Spec> which) {
    return cluster.list(Vrf.class).stream()
        .filter(vrf -> which.test(vrf.getSpec()))
        .map(ObjectKey::of)
        .toList();
  }

  @Override
  public void listen(Wake wake) {
    fabrics.listen(new WakingListener<>(Vrf.class, cluster, wake));
  }
}
