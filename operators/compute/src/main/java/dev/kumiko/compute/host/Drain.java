package dev.kumiko.compute.host;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Empties a host by live migration: makes a Migration for each machine on it, and nothing else. */
record Drain(Cluster cluster, InstantSource clock) {
  /** Label on a Migration that was made to empty a host: that host's name. */
  static final String DRAINS = "kumiko.dev/drains";

  private static final Duration TRY_AGAIN = Duration.ofSeconds(30);

  /** The machines on a host that is to be emptied, and those that are still coming to it. */
  List<Passenger> passengers(Host host) {
    String name = host.getMetadata().getName();
    return Stream.concat(placed(name), coming(name))
        .sorted(Comparator.comparing(Passenger::name))
        .toList();
  }

  private Stream<Passenger> placed(String host) {
    return cluster.list(VirtualMachine.class).stream()
        .filter(vm -> vm.getMetadata().getDeletionTimestamp() == null)
        .filter(vm -> HostKind.isPlacedOn(vm, host))
        .map(vm -> passenger(vm, host));
  }

  /** The machines whose guests are on their way to a host. */
  Stream<Passenger> coming(String host) {
    return cluster.list(Migration.class).stream()
        .filter(m -> phase(m).isUnderWay() && host.equals(m.observed().target()))
        .filter(m -> isElsewhere(m, host))
        .map(m ->
            new Passenger(
                m.getMetadata().getNamespace(),
                m.getSpec().virtualMachine(),
                Optional.of(move(m, host))));
  }

  private boolean isElsewhere(Migration migration, String host) {
    return cluster
        .get(
            VirtualMachine.class,
            migration.getMetadata().getNamespace(),
            migration.getSpec().virtualMachine())
        .filter(vm -> !HostKind.isPlacedOn(vm, host))
        .isPresent();
  }

  private Passenger passenger(VirtualMachine machine, String host) {
    String namespace = machine.getMetadata().getNamespace();
    String name = machine.getMetadata().getName();
    return new Passenger(
        namespace, name, find(namespace, name).map(migration -> move(migration, host)));
  }

  private Optional<Migration> find(String namespace, String machine) {
    return cluster.get(Migration.class, namespace, name(machine));
  }

  private static String name(String machine) {
    return machine + "-drain";
  }

  /** One that brought the guest here, or failed a while ago, is no obstacle to the next. */
  private Passenger.Move move(Migration migration, String host) {
    Migration.Status status = migration.observed();
    Migration.Phase phase = phase(migration);
    boolean isPast =
        Optional.ofNullable(status.endedAt())
            .map(at -> Instant.parse(at).plus(TRY_AGAIN).isBefore(clock.instant()))
            .orElse(false);
    boolean isOfAnother = !host.equals(labels(migration).get(DRAINS));
    return new Passenger.Move(
        phase,
        status
            .condition(Condition.READY)
            .map(c -> c.reason() + ": " + c.message())
            .orElse("it waits"),
        phase.isOver() && (isPast || isOfAnother || phase == Migration.Phase.Succeeded));
  }

  /** Those that were made to empty the host, and whose guests have not begun to move. */
  List<String> waiting(String host) {
    return cluster.list(Migration.class).stream()
        .filter(m -> host.equals(labels(m).get(DRAINS)))
        .filter(m -> m.getMetadata().getDeletionTimestamp() == null)
        .filter(m -> phase(m) == Migration.Phase.Pending)
        .map(m -> m.getMetadata().getNamespace() + "/" + m.getMetadata().getName())
        .sorted()
        .toList();
  }

  /** The one before has to be gone first: a Migration is one move. */
  void evacuate(String host, String namespace, String machine) {
    Optional<Migration> before = find(namespace, machine);
    if (before.isPresent()) {
      before.filter(m -> phase(m).isOver()).ifPresent(cluster::delete);
      return;
    }
    cluster
        .get(VirtualMachine.class, namespace, machine)
        .ifPresent(vm -> cluster.create(migration(vm, host)));
  }

  void callOff(String migration) {
    int slash = migration.indexOf('/');
    cluster
        .fresh(Migration.class, migration.substring(0, slash), migration.substring(slash + 1))
        .filter(m -> phase(m) == Migration.Phase.Pending)
        .ifPresent(cluster::delete);
  }

  private static Migration migration(VirtualMachine machine, String host) {
    String name = machine.getMetadata().getName();
    Migration migration = new Migration();
    migration.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(machine.getMetadata().getNamespace())
            .withName(name(name))
            .addToLabels(DRAINS, host)
            .withOwnerReferences(
                new OwnerReferenceBuilder()
                    .withApiVersion(machine.getApiVersion())
                    .withKind(machine.getKind())
                    .withName(name)
                    .withUid(machine.getMetadata().getUid())
                    .build())
            .build());
    migration.setSpec(new Migration.Spec(name, null, null, 600, true, false));
    return migration;
  }

  private static Migration.Phase phase(Migration migration) {
    return Optional.ofNullable(migration.observed().phase()).orElse(Migration.Phase.Pending);
  }

  private static Map<String, String> labels(Migration migration) {
    return Optional.ofNullable(migration.getMetadata().getLabels()).orElseGet(Map::of);
  }
}
