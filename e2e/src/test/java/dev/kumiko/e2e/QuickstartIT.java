package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A newcomer applies the quickstart and gets machines that work, apart from other tenants'
 * machines.
 */
@Order(20)
@ExtendWith(Evidence.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class QuickstartIT {
  private final Cloud cloud = new Cloud();
  private List<Guest> guests = List.of();

  @BeforeAll
  void theQuickstartIsApplied() {
    guests = Quickstart.ready(cloud);
  }

  @AfterAll
  void close() {
    cloud.close();
  }

  @Test
  @Order(1)
  void everyGuestAnswersOnItsAddressAndHasTheNameThatCloudInitGaveIt() {
    for (Guest guest : guests) {
      JsonNode status =
          guest
              .status(10)
              .orElseThrow(() ->
                  new AssertionError(guest.name() + " does not answer on " + guest.address()));
      assertThat(status.path("hostname").asText()).isEqualTo(guest.name());
      assertThat(status.path("boots").asInt()).isEqualTo(1);
    }
  }

  @Test
  @Order(2)
  void theSshKeyAndTheRunCommandTookEffect() {
    for (Guest guest : guests) {
      assertThat(guest.ssh("cat /data/greeting").output())
          .as("written by the run command in %s", guest.name())
          .contains("hello from cloud-init");
    }
  }

  @Test
  @Order(3)
  void addressesCameByDhcp() {
    for (Guest guest : guests) {
      assertThat(guest.ssh("ip -4 -o addr show dev eth0").output()).contains(guest.address() + "/");
    }
  }

  @Test
  @Order(4)
  void guestsReachTheirTenantsGuestsAndNobodyElses() {
    for (Guest from : guests) {
      for (Guest to : guests) {
        if (!from.name().equals(to.name())) {
          assertThat(from.reaches(to))
              .as("%s reaches %s", from.name(), to.name())
              .isEqualTo(from.tenant().equals(to.tenant()));
        }
      }
    }
  }

  /** Where the quickstart's guests are is up to placement, so neighbours are put where needed. */
  @Test
  @Order(5)
  void guestsOfOneTenantReachEachOtherOnOneHostAndOnTwoInOneNetworkAndInTwo() {
    Guest first = Quickstart.guest(guests, "web-1");
    String host = host(first);
    String other =
        cloud.list(Host.class).stream()
            .map(h -> h.getMetadata().getName())
            .filter(name -> !name.equals(host))
            .findFirst()
            .orElseThrow();
    label(host, "story=beside");
    label(other, "story=apart");
    try {
      cloud.kubectl(
          Stream.of("beside", "apart")
              .flatMap(where -> Stream.of("web", "db").map(network -> manifest(where, network)))
              .collect(Collectors.joining("---\n")),
          "apply",
          "-f",
          "-");
      List<Guest> beside = List.of(neighbour("beside-web", host), neighbour("beside-db", host));
      List<Guest> apart = List.of(neighbour("apart-web", other), neighbour("apart-db", other));
      assertThat(Stream.concat(beside.stream(), apart.stream()))
          .allSatisfy(guest ->
              assertThat(first.reaches(guest)).as("web-1 reaches %s", guest.name()).isTrue());
    } finally {
      label(host, "story-");
      label(other, "story-");
      cloud.kubectl("", "-n", "acme", "delete", "vm", "-l", "story=neighbour", "--timeout=50s");
    }
  }

  private void label(String host, String label) {
    cloud.kubectl("", "label", "--overwrite", "host.kumiko.dev", host, label);
  }

  private Guest neighbour(String name, String host) {
    Guest neighbour =
        new Guest(
            cloud.until(VirtualMachine.class, "acme", name, Quickstart.PATIENCE, Cloud::isReady));
    assertThat(host(neighbour)).isEqualTo(host);
    return neighbour;
  }

  private static String manifest(String where, String network) {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: VirtualMachine
    metadata: {name: %1$s-%2$s, namespace: acme, labels: {story: neighbour}}
    spec:
      instanceType: tiny
      disks: [{name: root, template: {pool: vms, image: tiny}}]
      interfaces: [{name: eth0, network: %2$s}]
      cloudInit: {hostname: %1$s-%2$s}
      placement: {hostSelector: {story: %1$s}}
      readiness: {tcpPort: 80}
    """
        .formatted(where, network);
  }

  private String host(Guest guest) {
    VirtualMachine machine =
        cloud.get(VirtualMachine.class, guest.tenant(), guest.name()).orElseThrow();
    return Cloud.placement(machine).host();
  }

  @Test
  @Order(6)
  void networksSayThatTheyAreProgrammedOnAllThreeHosts() {
    assertThat(cloud.list(Network.class))
        .hasSize(3)
        .allSatisfy(n -> assertThat(n.observed().programmed()).isEqualTo("3/3"));
  }
}
