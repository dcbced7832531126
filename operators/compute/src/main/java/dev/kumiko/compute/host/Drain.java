package dev.kumiko.compute.host;

import dev.kumiko.compute.placement.Setbacks;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Empties a host by live migration: makes a Migration for each machine on it, and nothing else. */
record Drain(Cluster cluster, InstantSource clock) {
  /** The machines on a host that is to be emptied, and those that are still coming to it. */
  List<Passenger> passengers(Host host) {
    String name = host.getMetadata().getName();
    return Stream.concat(placed(name), coming(name))
        .sorted(Comparator.comparing(Passenger::name))
        .toList();
  }

  private Stream<Passenger> placed(String host) {
    Map<ObjectKey, List<Migration>> moves =
        moves().collect(Collectors.groupingBy(Setbacks::machine));
    return cluster.list(VirtualMachine.class).stream()
        .filter(vm -> vm.getMetadata().getDeletionTimestamp() == null)
        .filter(vm -> HostKind.isPlacedOn(vm, host))
        .map(vm ->
            new Passenger(
                vm.getMetadata().getNamespace(),
                vm.getMetadata().getName(),
                move(moves.getOrDefault(ObjectKey.of(vm), List.of()), host)));
  }

  /** Those that were made to empty any host. */
  private Stream<Migration> moves() {
    return cluster.list(Migration.class).stream().filter(m -> Setbacks.drained(m).isPresent());
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
                Optional.of(new Passenger.Move(why(m), false))));
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

  /** One that is not over, or else the last that failed: others are no obstacle to the next. */
  private Optional<Passenger.Move> move(List<Migration> moves, String host) {
    Setbacks setbacks = Setbacks.of(moves, host, clock.instant());
    return moves.stream()
        .filter(m -> !phase(m).isOver())
        .findFirst()
        .map(m -> new Passenger.Move(why(m), false))
        .or(() -> setbacks.failed().stream().findFirst().map(m -> failed(m, setbacks)));
  }

  private Passenger.Move failed(Migration last, Setbacks setbacks) {
    String why = why(last);
    return setbacks
        .pause()
        .filter(clock.instant()::isBefore)
        .map(until ->
            new Passenger.Move(
                "%s After %d failed moves it is tried again at %s."
                    .formatted(why, setbacks.failed().size(), until),
                false))
        .orElseGet(() -> new Passenger.Move(why, true));
  }

  private static String why(Migration migration) {
    return migration
        .observed()
        .condition(Condition.READY)
        .map(c -> c.reason() + ": " + c.message())
        .orElse("it waits");
  }

  private static boolean isFrom(Migration migration, String host) {
    return Setbacks.drained(migration).filter(host::equals).isPresent();
  }

  /** Those that were made to empty the host, and whose guests have not begun to move. */
  List<String> waiting(String host) {
    return cluster.list(Migration.class).stream()
        .filter(m -> isFrom(m, host))
        .filter(m -> m.getMetadata().getDeletionTimestamp() == null)
        .filter(m -> !hasBegun(m))
        .map(m -> m.getMetadata().getNamespace() + "/" + m.getMetadata().getName())
        .sorted()
        .toList();
  }

  /** What no longer counts goes first; failed moves that count stay beside the next. */
  void evacuate(String host, String namespace, String machine) {
    ObjectKey key = new ObjectKey(namespace, machine);
    List<Migration> moves = moves().filter(m -> Setbacks.machine(m).equals(key)).toList();
    List<Migration> past = new ArrayList<>(moves);
    past.removeAll(Setbacks.of(moves, host, clock.instant()).failed());
    if (past.isEmpty()) {
      cluster
          .get(VirtualMachine.class, namespace, machine)
          .ifPresent(vm -> cluster.create(migration(vm, freeName(namespace, machine), host)));
    } else if (past.stream().allMatch(m -> phase(m).isOver())) {
      past.forEach(cluster::delete);
    }
  }

  private String freeName(String namespace, String machine) {
    String first = machine + "-drain";
    return Stream.concat(
            Stream.of(first), IntStream.iterate(2, i -> i + 1).mapToObj(i -> first + "-" + i))
        .filter(name -> cluster.get(Migration.class, namespace, name).isEmpty())
        .findFirst()
        .orElseThrow();
  }

  void callOff(String migration) {
    int slash = migration.indexOf('/');
    cluster
        .fresh(Migration.class, migration.substring(0, slash), migration.substring(slash + 1))
        .filter(m -> !hasBegun(m))
        .ifPresent(cluster::delete);
  }

  /** Before, its guest is only prepared for: nothing of it has left. */
  private static boolean hasBegun(Migration migration) {
    return phase(migration) != Migration.Phase.Pending
        && phase(migration) != Migration.Phase.Preparing;
  }

  private static Migration migration(VirtualMachine machine, String name, String host) {
    String vm = machine.getMetadata().getName();
    Migration migration = new Migration();
    migration.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(machine.getMetadata().getNamespace())
            .withName(name)
            .addToLabels(Setbacks.DRAINS, host)
            .withOwnerReferences(
                new OwnerReferenceBuilder()
                    .withApiVersion(machine.getApiVersion())
                    .withKind(machine.getKind())
                    .withName(vm)
                    .withUid(machine.getMetadata().getUid())
                    .build())
            .build());
    migration.setSpec(new Migration.Spec(vm, null, null, 600, true, false));
    return migration;
  }

  private static Migration.Phase phase(Migration migration) {
    return Optional.ofNullable(migration.observed().phase()).orElse(Migration.Phase.Pending);
  }
}
