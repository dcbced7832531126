package dev.kumiko.compute.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.Loop;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DrainTest {
  private final HostWorld world = new HostWorld();

  @BeforeEach
  void begin() {
    world.cluster.create(world.resource());
    pass();
    place("web", "h1");
    place("db", "h1");
    place("far", "h2");
  }

  @Test
  void aHostInMaintenanceHasItsMachinesMoved() {
    mode(Host.Mode.Maintenance);
    pass();
    assertThat(world.cluster.list(Migration.class))
        .extracting(m -> m.getSpec().virtualMachine())
        .containsExactlyInAnyOrder("web", "db");
    assertThat(drained().isTrue()).isFalse();
    assertThat(drained().message()).contains("2 machines are left", "acme/db", "acme/web");
  }

  @Test
  void aCordonedHostKeepsItsMachines() {
    mode(Host.Mode.Cordoned);
    pass();
    assertThat(world.cluster.list(Migration.class)).isEmpty();
    assertThat(host().observed().condition("Drained")).isEmpty();
  }

  @Test
  void aMoveThatFailedIsFollowedAtOnceAndKept() {
    mode(Host.Mode.Maintenance);
    pass();
    report("web-drain", Migration.Phase.Failed, "MigrationFailed");
    pass();
    assertThat(migration("web-drain").orElseThrow().observed().phase())
        .isEqualTo(Migration.Phase.Failed);
    assertThat(migration("web-drain-2").orElseThrow().observed().phase()).isNull();
    assertThat(world.cluster.list(Migration.class)).as("one for each, and one more").hasSize(3);
  }

  @Test
  void whoFailsAgainAndAgainWaitsAndItIsSaidUntilWhen() {
    mode(Host.Mode.Maintenance);
    pass();
    for (String name : List.of("web-drain", "web-drain-2", "web-drain-3")) {
      report(name, Migration.Phase.Failed, "DeadlineExceeded");
      pass();
    }
    assertThat(migration("web-drain-4")).isEmpty();
    assertThat(drained().message())
        .contains(
            "acme/web: DeadlineExceeded: why After 3 failed moves it is tried again at "
                + world.clock.instant().plusSeconds(30));
    world.clock.turn(Duration.ofSeconds(29));
    pass();
    assertThat(migration("web-drain-4")).isEmpty();
    world.clock.turn(Duration.ofSeconds(1));
    pass();
    assertThat(migration("web-drain-4")).isPresent();
  }

  @Test
  void whatFailedLongAgoIsForgottenBeforeTheNext() {
    mode(Host.Mode.Maintenance);
    pass();
    report("web-drain", Migration.Phase.Failed, "MigrationFailed");
    world.clock.turn(Duration.ofHours(1));
    pass();
    assertThat(migration("web-drain").orElseThrow().observed().phase()).as("made anew").isNull();
    assertThat(migration("web-drain-2")).isEmpty();
  }

  @Test
  void aUsersMigrationOfThatNameIsLeftAlone() {
    Migration users = new Migration();
    users.setMetadata(new ObjectMetaBuilder().withNamespace("acme").withName("web-drain").build());
    users.setSpec(new Migration.Spec("web", null, null, 600, true, false));
    world.cluster.create(users);
    report("web-drain", Migration.Phase.Succeeded, "Ready");
    mode(Host.Mode.Maintenance);
    pass();
    assertThat(migration("web-drain").orElseThrow().observed().phase())
        .isEqualTo(Migration.Phase.Succeeded);
    assertThat(migration("web-drain-2")).isPresent();
  }

  @Test
  void takenBackNoFurtherMachineBeginsToMove() {
    mode(Host.Mode.Maintenance);
    pass();
    report("db-drain", Migration.Phase.Running, "Migrating");
    mode(Host.Mode.Active);
    pass();
    assertThat(world.cluster.list(Migration.class))
        .extracting(m -> m.getMetadata().getName())
        .containsExactly("db-drain");
  }

  @Test
  void anEmptyHostIsDrained() {
    mode(Host.Mode.Maintenance);
    place("web", "h2");
    place("db", "h2");
    pass();
    assertThat(drained().isTrue()).isTrue();
    assertThat(world.cluster.list(Migration.class)).isEmpty();
    world.hosts.host("h1").reachable(false);
    pass();
    assertThat(drained().isTrue()).as("it was switched off").isTrue();
  }

  @Test
  void aHostIsNotDrainedWhileADeletedMachineIsEndedThere() {
    place("web", "h2");
    VirtualMachine deleted = world.cluster.get(VirtualMachine.class, "acme", "db").orElseThrow();
    world.cluster.addFinalizer(deleted);
    world.cluster.delete(deleted);
    mode(Host.Mode.Maintenance);
    pass();
    assertThat(drained().isTrue()).isFalse();
    assertThat(drained().message()).contains("acme/db");
    assertThat(world.cluster.list(Migration.class)).as("it is not moved").isEmpty();
  }

  @Test
  void aHostIsNotDrainedWhileAGuestOfNobodyRunsThere() {
    UUID foreign = new UUID(7, 7);
    world.hosts.host("h1").plantForeign(foreign, "somebody");
    place("web", "h2");
    place("db", "h2");
    mode(Host.Mode.Maintenance);
    pass();
    assertThat(drained().isTrue()).isFalse();
    assertThat(drained().message()).contains("guests run there: 1");
    world.hosts.host("h1").reachable(false);
    pass();
    assertThat(drained().isTrue()).as("it is not seen").isFalse();
    world.hosts.host("h1").reachable(true);
    world.hosts.host("h1").removeForeign(foreign);
    pass();
    assertThat(drained().isTrue()).isTrue();
  }

  @Test
  void aMoveThatIsOnlyPreparedIsCalledOff() {
    mode(Host.Mode.Maintenance);
    pass();
    report("db-drain", Migration.Phase.Preparing, "Preparing");
    mode(Host.Mode.Active);
    pass();
    assertThat(world.cluster.list(Migration.class)).isEmpty();
  }

  @Test
  void aMachineThatCameBackIsMovedAgain() {
    mode(Host.Mode.Maintenance);
    pass();
    report("web-drain", Migration.Phase.Succeeded, "Ready");
    pass();
    assertThat(migration("web-drain").orElseThrow().observed().phase()).isNull();
  }

  private void mode(Host.Mode mode) {
    Host host = host();
    Host.Spec s = host.getSpec();
    host.setSpec(
        new Host.Spec(
            s.connection(),
            mode,
            s.capacity(),
            s.reserved(),
            s.overcommit(),
            s.storageAddresses(),
            s.chassis(),
            s.fencing()));
    world.cluster.apply(host);
  }

  private void report(String name, Migration.Phase phase, String reason) {
    Migration migration = migration(name).orElseThrow();
    String now = world.clock.instant().toString();
    migration.setStatus(
        new Migration.Status(
            1L,
            List.of(new Condition("Ready", "False", reason, "why", now, 1L)),
            List.of(),
            List.of(),
            phase,
            "h1",
            "h2",
            1L,
            null,
            null,
            null,
            null,
            null,
            now,
            phase.isOver() ? now : null));
    world.cluster.updateStatus(migration);
  }

  private Optional<Migration> migration(String name) {
    return world.cluster.get(Migration.class, "acme", name);
  }

  private void place(String name, String host) {
    if (world.cluster.get(VirtualMachine.class, "acme", name).isEmpty()) {
      VirtualMachine machine = new VirtualMachine();
      machine.setMetadata(new ObjectMetaBuilder().withNamespace("acme").withName(name).build());
      machine.setSpec(
          new VirtualMachine.Spec(
              VirtualMachine.RunPolicy.Always,
              null,
              1,
              "64Mi",
              null,
              List.of(new VirtualMachine.Disk("root", "disk-" + name, null)),
              List.of(),
              null,
              null,
              null,
              null));
      world.cluster.create(machine);
    }
    VirtualMachine stored = world.cluster.get(VirtualMachine.class, "acme", name).orElseThrow();
    stored.setStatus(
        new VirtualMachine.Status(
            null,
            List.of(),
            List.of(),
            List.of(),
            "Running",
            new VirtualMachine.Placed(host, 1L),
            List.of(),
            1,
            "64Mi",
            null,
            null,
            null,
            null,
            1L,
            null));
    world.cluster.updateStatus(stored);
  }

  private Condition drained() {
    return host().observed().condition("Drained").orElseThrow();
  }

  private Host host() {
    return world.cluster.get(Host.class, "", "h1").orElseThrow();
  }

  private void pass() {
    for (int i = 0; i < 3; i++) {
      new Loop<>(
              (HostKind) world.kind(),
              world.cluster,
              world.clock,
              (resource, action, work) -> work.run())
          .reconcile(host());
    }
  }
}
