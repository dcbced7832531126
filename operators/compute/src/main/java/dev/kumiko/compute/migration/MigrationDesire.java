package dev.kumiko.compute.migration;

import dev.kumiko.compute.migration.DesiredMigration.Machine;
import dev.kumiko.compute.migration.DesiredMigration.Order;
import dev.kumiko.compute.migration.DesiredMigration.Place;
import dev.kumiko.compute.placement.Setbacks;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Mode;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** What a Migration asks for, its machine resolved. */
record MigrationDesire(Cluster cluster, InstantSource clock) {

  Desired<DesiredMigration> of(Migration migration) {
    DesiredMigration asked = asked(migration);
    if (asked.isLeaving()) {
      return new Desired.Absent<>(asked);
    }
    return asked.machine().isEmpty() && asked.phase() == Migration.Phase.Pending
        ? Desired.blockedOn(Wait.missing("VirtualMachine", asked.name()))
        : new Desired.Present<>(asked);
  }

  DesiredMigration asked(Migration migration) {
    Migration.Status status = migration.observed();
    String namespace = migration.getMetadata().getNamespace();
    String name = migration.getSpec().virtualMachine();
    Setbacks setbacks = setbacks(migration);
    return new DesiredMigration(
        UUID.fromString(migration.getMetadata().getUid()),
        namespace,
        name,
        cluster.get(VirtualMachine.class, namespace, name).map(MigrationDesire::machine),
        order(migration),
        Optional.ofNullable(status.phase()).orElse(Migration.Phase.Pending),
        route(status),
        Optional.ofNullable(status.startedAt()).map(Instant::parse),
        setbacks.targets(),
        setbacks.avoided(clock.instant()),
        migration.getMetadata().getDeletionTimestamp() != null);
  }

  static Optional<Route> route(Migration.Status status) {
    String source = status.source();
    String target = status.target();
    Long epoch = status.epoch();
    return source == null || target == null || epoch == null
        ? Optional.empty()
        : Optional.of(new Route(source, target, epoch));
  }

  /** Those of a drain's move of the same guest; of interest until it has a host. */
  private Setbacks setbacks(Migration migration) {
    return Traffic.isWaiting(migration)
        ? Setbacks.before(migration, cluster.list(Migration.class), clock.instant())
        : new Setbacks(List.of());
  }

  private static Order order(Migration migration) {
    Migration.Spec spec = migration.getSpec();
    Integer limit = spec.bandwidthMebibytesPerSecond();
    return new Order(
        Optional.ofNullable(spec.targetHost()),
        limit == null ? OptionalInt.empty() : OptionalInt.of(limit),
        spec.autoConverge(),
        spec.postCopy(),
        Duration.ofSeconds(spec.deadlineSeconds()),
        Setbacks.drained(migration).isPresent());
  }

  private static Machine machine(VirtualMachine machine) {
    VirtualMachine.Spec spec = machine.getSpec();
    VirtualMachine.Status status = machine.observed();
    String name = machine.getMetadata().getName();
    boolean isToRun =
        machine.getMetadata().getDeletionTimestamp() == null
            && spec.runPolicy() == VirtualMachine.RunPolicy.Always;
    return new Machine(
        UUID.fromString(machine.getMetadata().getUid()),
        isToRun,
        Mode.isEnforced(machine),
        status.condition("RestartRequired").filter(Condition::isTrue).isEmpty(),
        Optional.ofNullable(status.placement()).map(p -> new Place(p.host(), p.epoch())),
        spec.disks().stream().map(disk -> disk.volumeOf(name)).toList(),
        spec.interfaces().stream().map(nic -> name + "-" + nic.name()).toList());
  }
}
