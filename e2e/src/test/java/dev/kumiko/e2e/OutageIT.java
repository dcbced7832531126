package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Fabric;
import dev.kumiko.v1alpha1.Host;
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
    cloud.tryKubectl("", "-n", "acme", "delete", "volume", "during", "--ignore-not-found");
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
    assertThat(cloud.list(Host.class)).allMatch(Cloud::isReady);

    Lab.run("ceph", "start");
    cloud.until(StoragePool.class, "", "vms", PATIENCE, Cloud::isReady);
    cloud.until(Volume.class, "acme", "during", PATIENCE, Cloud::isReady);
    cloud.untilAllReady(VirtualMachine.class, Quickstart.MACHINES, PATIENCE);
    assertThat(guests.stream().map(Guest::boots).toList()).isEqualTo(boots);
  }

  @Test
  @Order(2)
  void theFabricsControllerStopsAndComesBack() {
    Lab.run("fabric", "stop");
    cloud.until(Fabric.class, "", "main", PATIENCE, f -> !f.observed().isReady());
    assertThat(guests)
        .allSatisfy(g ->
            assertThat(g.status(10))
                .as(g.name() + " answers while the controller is down")
                .isPresent());
    cloud.kubectl(volume("during"), "apply", "-f", "-");
    cloud.until(Volume.class, "acme", "during", PATIENCE, Cloud::isReady);

    Lab.run("fabric", "start");
    cloud.until(Fabric.class, "", "main", PATIENCE, Cloud::isReady);
    cloud.untilAllReady(VirtualMachine.class, Quickstart.MACHINES, PATIENCE);
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

  @Test
  @Order(4)
  void aHostStopsAndComesBack() {
    Host empty =
        cloud.list(Host.class).stream()
            .min(
                java.util.Comparator.comparing(
                    h -> java.util.Optional.ofNullable(h.observed().guests()).orElse(0)))
            .orElseThrow();
    String name = empty.getMetadata().getName();
    Lab.run("host", "off", name);
    cloud.until(Host.class, "", name, PATIENCE, h -> !h.observed().isReady());
    cloud.kubectl(volume("during"), "apply", "-f", "-");
    cloud.until(Volume.class, "acme", "during", PATIENCE, Cloud::isReady);
    assertThat(cloud.list(Host.class).stream().filter(Cloud::isReady)).hasSize(2);

    Lab.run("host", "on", name);
    cloud.until(Host.class, "", name, PATIENCE, Cloud::isReady);
    cloud.untilAllReady(VirtualMachine.class, Quickstart.MACHINES, Quickstart.PATIENCE);
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
