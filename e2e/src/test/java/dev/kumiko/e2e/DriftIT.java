package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import java.time.Duration;
import java.time.Instant;
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
    long ports = portsOf(row);
    Lab.run("nbctl", "ls-del", row);
    Cloud.await(
        PATIENCE, () -> "the switch of " + name + " is not whole", () -> portsOf(row) == ports);
    Cloud.await(
        PATIENCE,
        () -> guest.name() + " does not answer on " + guest.address(),
        () -> guest.status(2).isPresent());
    assertThat(guest.boots()).isEqualTo(boots);
  }

  /** A row of ours always has the same UUID. */
  private static long portsOf(String row) {
    Shell.Answer answer =
        Lab.ask(PATIENCE, "nbctl", "--bare", "--columns=ports", "list", "Logical_Switch", row);
    return answer.ok() ? answer.output().strip().split("\\s+").length : 0;
  }

  @Test
  void aDeletedPortComesBack() {
    Guest guest = guests.getLast();
    int boots = guest.boots();
    List<String> ports = portsOfTenant(guest);
    assertThat(ports).isNotEmpty();
    ports.forEach(p -> Lab.run("nbctl", "lsp-del", p));
    Cloud.await(
        PATIENCE,
        () -> "of the ports " + ports + " there are " + portsOfTenant(guest),
        () -> portsOfTenant(guest).equals(ports));
    Cloud.await(
        PATIENCE,
        () -> guest.name() + " does not answer on " + guest.address(),
        () -> guest.status(2).isPresent());
    assertThat(guest.boots()).isEqualTo(boots);
  }

  private static List<String> portsOfTenant(Guest guest) {
    return World.rows(
            "name",
            "Logical_Switch_Port",
            "external_ids:kumiko.namespace=" + guest.tenant(),
            "external_ids:kumiko.kind=Port")
        .toList();
  }

  /** A new value each time: an annotation that stays as it is makes nobody look. */
  private void lookAgain(String namespace, String kind, String name) {
    String now =
        "{\"metadata\":{\"annotations\":{\"example.org/look\":\"" + Instant.now() + "\"}}}";
    cloud.patch(namespace, kind, name, now);
  }

  /** Nothing tells of a change in Ceph: it is found when the object is looked at. */
  @Test
  void aRemovedSnapshotOfAnImageIsMadeAgain() {
    Image image = cloud.get(Image.class, "acme", "spare").orElseGet(this::spareImage);
    String rbd = "vms/image-" + image.getMetadata().getUid();
    List<String> snapshots = snapshots(rbd);
    assertThat(snapshots).isNotEmpty();
    Lab.run("rbd", "snap", "purge", "--no-progress", rbd);
    assertThat(snapshots(rbd)).isEmpty();
    lookAgain("acme", "image", "spare");
    Cloud.await(
        PATIENCE,
        () -> "snapshots of " + rbd + ": " + snapshots(rbd),
        () -> snapshots(rbd).equals(snapshots));
    cloud.kubectl("", "-n", "acme", "delete", "image", "spare", "--timeout=60s");
  }

  private static List<String> snapshots(String rbd) {
    return World.lines(Lab.run("rbd", "snap", "ls", rbd))
        .filter(line -> !line.startsWith("SNAPID"))
        .map(line -> line.replaceFirst("^\\S+\\s+(\\S+).*", "$1"))
        .toList();
  }

  private Image spareImage() {
    cloud.kubectl(
        """
        apiVersion: kumiko.dev/v1alpha1
        kind: Image
        metadata: {name: spare, namespace: acme, labels: {story: drift}}
        spec: {pool: vms, source: {url: "%s", checksum: "%s"}, format: Raw}
        """
            .formatted(source().url(), source().checksum()),
        "apply",
        "-f",
        "-");
    return cloud.until(Image.class, "acme", "spare", PATIENCE, Cloud::isReady);
  }

  private Image.Source source() {
    return cloud.get(Image.class, "acme", "tiny").orElseThrow().getSpec().source();
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
    lookAgain(volume.getMetadata().getNamespace(), "volume", volume.getMetadata().getName());
    Cloud.await(
        PATIENCE,
        () -> key + " is missing on " + image,
        () -> Lab.run("rbd", "image-meta", "list", image).contains(key));
  }

  private VirtualMachine machine(Guest guest) {
    return cloud.get(VirtualMachine.class, guest.tenant(), guest.name()).orElseThrow();
  }

  private static String host(VirtualMachine machine) {
    return Cloud.placement(machine).host();
  }

  private static String domain(VirtualMachine machine) {
    return Optional.ofNullable(machine.observed().domain()).orElseThrow();
  }
}
