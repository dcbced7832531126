package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A host in maintenance is emptied by live migration, and no guest is stopped for it. */
@Order(31)
@ExtendWith({Evidence.class, Lookout.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DrainIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration LONGER_THAN_A_MOVE = Duration.ofSeconds(10);
  private static final String HOST = "h1";
  private static final String PINNED = "pinned";
  private static final int MOVABLE = 4;
  private final Cloud cloud = new Cloud();

  @BeforeAll
  void oneHostHasManyGuests() {
    Quickstart.ready(cloud);
    List<String> others = World.others(HOST);
    others.forEach(h -> cloud.mode(h, Host.Mode.Cordoned));
    cloud.kubectl(
        machine(PINNED, "placement: {hostSelector: {kubernetes.io/hostname: " + HOST + "}}"),
        "apply",
        "-f",
        "-");
    IntStream.range(0, MOVABLE)
        .forEach(i -> cloud.kubectl(machine("guest-" + i, ""), "apply", "-f", "-"));
    ours().forEach(this::untilReady);
    others.forEach(h -> cloud.mode(h, Host.Mode.Active));
  }

  @AfterEach
  void noGuestWasStopped() {
    assertThat(ours())
        .allSatisfy(m -> {
          Guest guest = new Guest(untilReady(m));
          assertThat(guest.boots()).as("boots of %s", guest.name()).isEqualTo(1);
        });
    Quickstart.ready(cloud);
  }

  @AfterAll
  void close() {
    World.HOSTS.forEach(h -> cloud.mode(h, Host.Mode.Active));
    cloud.kubectl("", "-n", "acme", "delete", "vm", "-l", "story=drain");
    cloud.close();
  }

  @Test
  @Order(1)
  void takenBackHalfWayNoFurtherGuestIsMoved() {
    cloud.mode(HOST, Host.Mode.Maintenance);
    Cloud.await(
        PATIENCE, () -> "no guest begins to move", () -> moves().anyMatch(DrainIT::isBegun));
    cloud.mode(HOST, Host.Mode.Active);
    Instant back = Instant.now();
    Cloud.await(
        PATIENCE,
        () -> "some are still being moved",
        () -> moves().allMatch(m -> phase(m).isOver()));
    List<String> left = on(HOST);
    assertThat(left).as("guests that stayed").contains(PINNED).hasSizeGreaterThan(1);
    await()
        .during(LONGER_THAN_A_MOVE)
        .atMost(LONGER_THAN_A_MOVE.plusSeconds(2))
        .untilAsserted(() -> assertThat(on(HOST)).isEqualTo(left));
    assertThat(moves())
        .allSatisfy(m ->
            assertThat(Instant.parse(Objects.requireNonNull(m.observed().startedAt())))
                .isBefore(back.plusSeconds(1)));
    assertThat(host().observed().condition("Drained")).isEmpty();
  }

  @Test
  @Order(2)
  void whatCannotMoveIsNamedWithWhyAndRunsOn() {
    cloud.mode(HOST, Host.Mode.Maintenance);
    Host draining =
        cloud.until(Host.class, "", HOST, PATIENCE, h -> on(HOST).equals(List.of(PINNED)));
    assertThat(draining.getSpec().mode()).isEqualTo(Host.Mode.Maintenance);
    cloud.until(
        Host.class,
        "",
        HOST,
        PATIENCE,
        h ->
            drained(h)
                .map(Condition::message)
                .filter(m -> m.contains("1 machine is left. acme/pinned: NoHostFits"))
                .filter(m -> m.contains("2 SelectorMismatch: label a Host"))
                .isPresent());

    cloud.kubectl("", "-n", "acme", "delete", "vm", PINNED);
    cloud.until(
        Host.class, "", HOST, PATIENCE, h -> drained(h).filter(Condition::isTrue).isPresent());
    assertThat(Lab.run("virsh", HOST, "list", "--all", "--name")).doesNotContain("acme.");
  }

  private static boolean isBegun(Migration migration) {
    return phase(migration) == Migration.Phase.Running
        || phase(migration) == Migration.Phase.Succeeded;
  }

  private Stream<Migration> moves() {
    return cloud.list(Migration.class).stream()
        .filter(m -> HOST.equals(m.getMetadata().getLabels().get("kumiko.dev/drains")));
  }

  private static Migration.Phase phase(Migration migration) {
    return Optional.ofNullable(migration.observed().phase()).orElse(Migration.Phase.Pending);
  }

  private static Optional<Condition> drained(Host host) {
    return host.observed().condition("Drained");
  }

  private Host host() {
    return cloud.get(Host.class, "", HOST).orElseThrow();
  }

  private List<String> on(String host) {
    return cloud.list(VirtualMachine.class).stream()
        .filter(m -> {
          VirtualMachine.Placed placed = m.observed().placement();
          return placed != null && placed.host().equals(host);
        })
        .map(m -> m.getMetadata().getName())
        .toList();
  }

  private List<VirtualMachine> ours() {
    return cloud.list(VirtualMachine.class).stream()
        .filter(m -> "drain".equals(m.getMetadata().getLabels().get("story")))
        .toList();
  }

  private VirtualMachine untilReady(VirtualMachine machine) {
    return cloud.until(
        VirtualMachine.class,
        "acme",
        machine.getMetadata().getName(),
        Quickstart.PATIENCE,
        Cloud::isReady);
  }

  private static String machine(String name, String more) {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: VirtualMachine
    metadata: {name: %s, namespace: acme, labels: {story: drain}}
    spec:
      instanceType: tiny
      disks: [{name: root, template: {pool: vms, image: tiny}}]
      interfaces: [{name: eth0, network: web}]
      readiness: {tcpPort: 80}
      %s
    """
        .formatted(name, more);
  }
}
