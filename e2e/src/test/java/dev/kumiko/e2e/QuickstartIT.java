package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.List;
import java.util.Optional;
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

  /** Placement spreads a tenant's few guests, so a neighbour is put beside one of them. */
  @Test
  @Order(5)
  void guestsOfOneTenantReachEachOtherOnOneHostInOneNetworkAndInTwo() {
    Guest first = Quickstart.guest(guests, "web-1");
    String host = host(first);
    cloud.kubectl("", "label", "--overwrite", "host.kumiko.dev", host, "story=beside");
    try {
      cloud.kubectl(beside("web") + "---\n" + beside("db"), "apply", "-f", "-");
      for (String network : List.of("web", "db")) {
        Guest beside =
            new Guest(
                cloud.until(
                    VirtualMachine.class,
                    "acme",
                    "beside-" + network,
                    Quickstart.PATIENCE,
                    Cloud::isReady));
        assertThat(host(beside)).isEqualTo(host);
        assertThat(first.reaches(beside)).as("%s to %s", first.name(), beside.name()).isTrue();
      }
      assertThat(guests.stream().map(this::host).distinct())
          .as("hosts of the quickstart")
          .hasSizeGreaterThan(1);
    } finally {
      cloud.kubectl("", "-n", "acme", "delete", "vm", "-l", "story=beside", "--timeout=60s");
      cloud.kubectl("", "label", "host.kumiko.dev", host, "story-");
    }
  }

  private static String beside(String network) {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: VirtualMachine
    metadata: {name: beside-%1$s, namespace: acme, labels: {story: beside}}
    spec:
      instanceType: tiny
      disks: [{name: root, template: {pool: vms, image: tiny}}]
      interfaces: [{name: eth0, network: %1$s}]
      cloudInit: {hostname: beside-%1$s}
      placement: {hostSelector: {story: beside}}
      readiness: {tcpPort: 80}
    """
        .formatted(network);
  }

  private String host(Guest guest) {
    VirtualMachine machine =
        cloud.get(VirtualMachine.class, guest.tenant(), guest.name()).orElseThrow();
    return Optional.ofNullable(machine.observed().placement()).orElseThrow().host();
  }

  @Test
  @Order(6)
  void networksSayThatTheyAreProgrammedOnAllThreeHosts() {
    assertThat(cloud.list(Network.class))
        .hasSize(3)
        .allSatisfy(n -> assertThat(n.observed().programmed()).isEqualTo("3/3"));
  }
}
