package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumiko.v1alpha1.Fabric;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Parts of the world stop and come back: the rest goes on, objects say what they wait for, all
 * heals.
 */
@Order(60)
@ExtendWith(Evidence.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OutageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration LONGER_THAN_A_READING = Duration.ofSeconds(35);
  private static final String NETWORK =
      """
      apiVersion: kumiko.dev/v1alpha1
      kind: Network
      metadata: {name: during, namespace: acme, labels: {story: outage}}
      spec: {subnets: [{cidr: 10.10.88.0/24}]}
      """;
  private final Cloud cloud = new Cloud();
  private List<Guest> guests = List.of();

  @BeforeAll
  void theQuickstartIsApplied() {
    guests = Quickstart.ready(cloud);
  }

  @AfterEach
  void everythingRunsAgain() {
    Lab.run("ceph", "start");
    Lab.run("fabric", "start");
    Lab.run("api", "start");
    World.HOSTS.forEach(h -> Lab.run("host", "on", h));
    cloud.tryKubectl("", "-n", "acme", "delete", "volume,network", "during", "--ignore-not-found");
  }

  @AfterAll
  void close() {
    cloud.close();
  }

  @Test
  @Order(1)
  void cephStopsAndComesBack() {
    List<Integer> boots = guests.stream().map(Guest::boots).toList();
    Lab.run("ceph", "stop");
    cloud.kubectl(volume("during"), "apply", "-f", "-");
    cloud.until(StoragePool.class, "", "vms", PATIENCE, p -> !p.observed().isReady());
    Volume waiting =
        cloud.until(
            Volume.class, "acme", "during", PATIENCE, v -> !v.observed().waitingFor().isEmpty());
    assertThat(waiting.observed().waitingFor().getFirst().name()).contains("vms");
    assertThat(cloud.list(Fabric.class)).allMatch(Cloud::isReady);
    Lab.run("operators", "restart");
    cloud.untilAllReady(Host.class, World.HOSTS.size(), PATIENCE);
    hostsStayReady();

    Lab.run("ceph", "start");
    cloud.until(StoragePool.class, "", "vms", PATIENCE, Cloud::isReady);
    cloud.until(Volume.class, "acme", "during", PATIENCE, Cloud::isReady);
    cloud.untilAllReady(VirtualMachine.class, Quickstart.MACHINES, PATIENCE);
    assertThat(guests.stream().map(Guest::boots).toList()).isEqualTo(boots);
  }

  /** For longer than a QEMU that waits for its disks could take a host along. */
  private void hostsStayReady() {
    await()
        .during(LONGER_THAN_A_READING)
        .atMost(LONGER_THAN_A_READING.plusSeconds(1))
        .untilAsserted(() ->
            assertThat(
                    cloud.list(Host.class).stream()
                        .filter(r -> !Cloud.isReady(r))
                        .map(Cloud::explain))
                .isEmpty());
  }

  @Test
  @Order(2)
  void theFabricsControllerStopsAndComesBack() {
    List<Integer> boots = guests.stream().map(Guest::boots).toList();
    Lab.run("fabric", "stop");
    cloud.until(Fabric.class, "", "main", PATIENCE, f -> !f.observed().isReady());
    assertThat(guests)
        .allSatisfy(g ->
            assertThat(g.status(10))
                .as(g.name() + " answers while the controller is down")
                .isPresent());
    cloud.kubectl(volume("during"), "apply", "-f", "-");
    cloud.until(Volume.class, "acme", "during", PATIENCE, Cloud::isReady);
    cloud.kubectl(NETWORK, "apply", "-f", "-");
    Network waiting =
        cloud.until(
            Network.class, "acme", "during", PATIENCE, n -> !n.observed().waitingFor().isEmpty());
    assertThat(waiting.observed().waitingFor().getFirst().toString()).contains("main");

    Lab.run("fabric", "start");
    cloud.until(Fabric.class, "", "main", PATIENCE, Cloud::isReady);
    cloud.until(Network.class, "acme", "during", PATIENCE, Cloud::isReady);
    cloud.untilAllReady(VirtualMachine.class, Quickstart.MACHINES, PATIENCE);
    assertThat(guests.stream().map(Guest::boots).toList()).isEqualTo(boots);
  }

  @Test
  @Order(3)
  void theApiServerStopsAndComesBack() {
    List<Integer> boots = guests.stream().map(Guest::boots).toList();
    Lab.run("api", "stop");
    assertThat(guests)
        .allSatisfy(g ->
            assertThat(g.status(10)).as(g.name() + " answers while the API is down").isPresent());
    Lab.run("api", "start");
    cloud.kubectl(volume("during"), "apply", "-f", "-");
    cloud.until(Volume.class, "acme", "during", PATIENCE, Cloud::isReady);
    cloud.untilAllReady(VirtualMachine.class, Quickstart.MACHINES, PATIENCE);
    assertThat(guests.stream().map(Guest::boots).toList()).isEqualTo(boots);
  }

  private static String volume(String name) {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: Volume
    metadata: {name: %s, namespace: acme}
    spec: {pool: vms, size: 16Mi}
    """
        .formatted(name);
  }
}
