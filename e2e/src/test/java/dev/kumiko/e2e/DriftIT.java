package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Somebody changes the world behind our back: it is put right, and guests that need not restart do
 * not.
 */
@Order(50)
@ExtendWith(Evidence.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DriftIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
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
  void aDestroyedDomainIsStartedAgainAndTheOthersRunOn() {
    Guest victim = guests.getFirst();
    List<Guest> others = guests.subList(1, guests.size());
    int boots = victim.boots();
    List<Integer> otherBoots = others.stream().map(Guest::boots).toList();
    VirtualMachine machine = machine(victim);
    Lab.run("virsh", host(machine), "destroy", domain(machine));
    Cloud.await(
        PATIENCE,
        () -> victim.name() + " was not started again",
        () -> victim.boots() == boots + 1);
    cloud.until(VirtualMachine.class, victim.tenant(), victim.name(), PATIENCE, Cloud::isReady);
    assertThat(others.stream().map(Guest::boots).toList()).isEqualTo(otherBoots);
  }

  @Test
  void anUndefinedDomainIsDefinedAgainWithoutARestart() {
    Guest victim = guests.get(1);
    int boots = victim.boots();
    VirtualMachine machine = machine(victim);
    Lab.run("virsh", host(machine), "undefine", domain(machine));
    Cloud.await(
        PATIENCE,
        () -> domain(machine) + " was not defined again",
        () ->
            Lab.run("virsh", host(machine), "list", "--all", "--persistent", "--name")
                .contains(domain(machine)));
    assertThat(victim.boots()).isEqualTo(boots);
  }

  @Test
  void aDeletedLogicalSwitchComesBackWithItsPorts() {
    Guest guest = guests.getFirst();
    Network network = cloud.get(Network.class, guest.tenant(), guest.network()).orElseThrow();
    int boots = guest.boots();
    String name = guest.tenant() + "/" + guest.network();
    String uid = network.getMetadata().getUid();
    String row =
        Lab.run(
                "nbctl",
                "--bare",
                "--columns=_uuid",
                "find",
                "Logical_Switch",
                "external_ids:kumiko.uid=" + uid,
                "name=\"" + name + "\"")
            .strip();
    assertThat(row).isNotEmpty();
    Lab.run("nbctl", "ls-del", row);
    Cloud.await(
        PATIENCE,
        () -> guest.name() + " does not answer on " + guest.address(),
        () -> guest.status(2).isPresent());
    assertThat(guest.boots()).isEqualTo(boots);
  }

  @Test
  void aDeletedPortComesBack() {
    Guest guest = guests.getLast();
    int boots = guest.boots();
    String ports =
        Lab.run(
            "nbctl",
            "--bare",
            "--columns=name",
            "find",
            "Logical_Switch_Port",
            "external_ids:kumiko.namespace=" + guest.tenant(),
            "external_ids:kumiko.kind=Port");
    ports.lines().filter(p -> !p.isBlank()).forEach(p -> Lab.run("nbctl", "lsp-del", p.strip()));
    Cloud.await(
        PATIENCE,
        () -> guest.name() + " does not answer on " + guest.address(),
        () -> guest.status(2).isPresent());
    assertThat(guest.boots()).isEqualTo(boots);
  }

  @Test
  void aRemovedMarkerIsPutBack() {
    Volume volume =
        cloud.list(Volume.class).stream()
            .filter(v -> v.getSpec().source() != null)
            .findFirst()
            .orElseThrow();
    String image = "vms/volume-" + volume.getMetadata().getUid();
    String key = "kumiko.owner";
    assertThat(Lab.run("rbd", "image-meta", "list", image)).contains(key);
    Lab.run("rbd", "image-meta", "remove", image, key);
    cloud.kubectl(
        "",
        "-n",
        volume.getMetadata().getNamespace(),
        "annotate",
        "--overwrite",
        "volume",
        volume.getMetadata().getName(),
        "example.org/look=now");
    Cloud.await(
        PATIENCE,
        () -> key + " is missing on " + image,
        () -> Lab.run("rbd", "image-meta", "list", image).contains(key));
  }

  private VirtualMachine machine(Guest guest) {
    return cloud.get(VirtualMachine.class, guest.tenant(), guest.name()).orElseThrow();
  }

  private static String host(VirtualMachine machine) {
    return Optional.ofNullable(machine.observed().placement()).orElseThrow().host();
  }

  private static String domain(VirtualMachine machine) {
    return Optional.ofNullable(machine.observed().domain()).orElseThrow();
  }
}
