package dev.kumiko.compute.migration;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.libvirt.InMemoryHypervisor;
import dev.kumiko.compute.vm.VirtualMachineKind;
import dev.kumiko.compute.vm.World;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A machine whose guest runs on h1, and its operator, which does its part. */
final class MigrationWorld implements Scenario<Migration> {
  static final String TENANT = "acme";
  static final List<String> HOSTS = List.of("h1", "h2");

  final World around = new World();
  boolean leads = true;
  private VirtualMachineKind machines = (VirtualMachineKind) around.kind();
  private final Migration.Spec spec;

  /** Reasons of the machine's condition Ready, after each pass over it. */
  final List<String> told = new ArrayList<>();

  /** Guests that are moved at a time. */
  static final int PARALLEL = 3;

  MigrationWorld() {
    this(new Migration.Spec("web", null, null, 604800, true, false));
  }

  MigrationWorld(Migration.Spec spec) {
    this.spec = spec;
    cluster().create(around.resource());
    for (int i = 0; i < 12; i++) {
      neighbours();
    }
  }

  static Migration migration(String name, Migration.Spec spec) {
    Migration migration = new Migration();
    migration.setMetadata(new ObjectMetaBuilder().withNamespace(TENANT).withName(name).build());
    migration.setSpec(spec);
    return migration;
  }

  @Override
  public InMemoryCluster cluster() {
    return around.cluster();
  }

  @Override
  public Kind<Migration, ?, ?, ?> kind() {
    return migrations();
  }

  MigrationKind migrations() {
    return new MigrationKind(
        cluster(), around.hosts(), machines.room(), PARALLEL, () -> leads, around.clock());
  }

  @Override
  public Migration resource() {
    return migration("away", spec);
  }

  /** Time passes, and the machine's operator, storage and network do their part. */
  @Override
  public void neighbours() {
    machine().ifPresent(cluster()::addFinalizer);
    machine().ifPresent(this::pass);
    around.neighbours();
    machine().ifPresent(this::pass);
  }

  /** The operator of the machine ends, and another one goes on. */
  void restartMachines() {
    machines = (VirtualMachineKind) around.kind();
  }

  private void pass(VirtualMachine machine) {
    try {
      Loop.Outcome<VirtualMachine> outcome =
          new Loop<>(machines, cluster(), around.clock(), (resource, action, work) -> work.run())
              .reconcile(machine);
      if (outcome.released()) {
        cluster().removeFinalizer(outcome.resource());
      }
    } catch (Conflict | Unavailable _) {
      // as the operator: tried again
    }
    machine()
        .flatMap(m -> m.observed().condition(Condition.READY))
        .ifPresent(ready -> told.add(ready.reason()));
  }

  /** A move of another machine, as its operator has written it down. */
  void underWay(String machine, String source) {
    Migration other = migration(machine, new Migration.Spec(machine, null, null, 600, true, false));
    other.getMetadata().setNamespace("other");
    cluster().create(other);
    Migration stored = cluster().get(Migration.class, "other", machine).orElseThrow();
    stored.setStatus(
        MigrationReport.chosen(
            Migration.Status.empty(),
            new Route(source, "to-" + source, 1),
            around.clock().instant()));
    cluster().updateStatus(stored);
  }

  /** As the Host's own operator reports it. */
  void report(String host, Host.@Nullable Virtualization virtualization) {
    Host stored = cluster().get(Host.class, "", host).orElseThrow();
    Host.Status seen = stored.observed();
    stored.setStatus(
        new Host.Status(
            null,
            List.of(),
            List.of(),
            List.of(),
            seen.capacity(),
            virtualization == null ? null : seen.allocatable(),
            null,
            null,
            null,
            null,
            seen.cpuModels(),
            virtualization,
            null,
            null,
            null,
            null,
            null));
    cluster().updateStatus(stored);
  }

  Optional<VirtualMachine> machine() {
    return cluster().get(VirtualMachine.class, TENANT, "web");
  }

  UUID guest() {
    return machine().map(m -> UUID.fromString(m.getMetadata().getUid())).orElseThrow();
  }

  InMemoryHypervisor host(String name) {
    return around.hosts().host(name);
  }

  Optional<GuestState> on(String host) {
    return host(host).guests().stream().map(Guest::state).findFirst();
  }

  /** How often the guest was started, anywhere. */
  int starts() {
    return HOSTS.stream().mapToInt(h -> host(h).starts(guest())).sum();
  }

  @Override
  public boolean isUnforeseen(String action) {
    return false;
  }

  @Override
  public List<String> endpoints() {
    return List.of("libvirt/h1", "libvirt/h2");
  }

  @Override
  public void fail(String endpoint) {
    host(endpoint.substring("libvirt/".length())).reachable(false);
  }

  @Override
  public void heal(String endpoint) {
    host(endpoint.substring("libvirt/".length())).reachable(true);
  }

  /** One guest, started once, where its machine is placed; on which host is not the same world. */
  @Override
  public Object world() {
    Map<String, Object> world = new TreeMap<>();
    world.put(
        "domains",
        HOSTS.stream().flatMap(h -> host(h).guests().stream()).map(Guest::state).toList());
    world.put("starts", starts());
    world.put(
        "machine",
        machine()
            .flatMap(m -> Optional.ofNullable(m.observed().placement()))
            .map(p -> on(p.host()) + " at epoch " + p.epoch()));
    world.put(
        "objects", cluster().names().stream().filter(n -> !n.startsWith("Migration ")).toList());
    return world;
  }

  @Override
  public Object emptyWorld() {
    return new MigrationWorld(spec).world();
  }
}
