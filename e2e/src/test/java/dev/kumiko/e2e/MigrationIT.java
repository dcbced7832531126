package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A running guest moves to another host and does not notice, whatever happens on the way. */
@Order(29)
@ExtendWith({Evidence.class, Lookout.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MigrationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Far too little for the guest's memory to be copied while a story looks on. */
  private static final String SLOWLY = ", bandwidthMebibytesPerSecond: 1";

  /** Less than a guest writes that is not slowed down. */
  private static final String SQUEEZED = ", bandwidthMebibytesPerSecond: 8";

  private final Cloud cloud = new Cloud();
  private final Guest mover;
  private final Conversation conversation;

  MigrationIT() {
    Guest neighbour = Quickstart.guest(Quickstart.ready(cloud), "web-1");
    cloud.kubectl(machine(), "apply", "-f", "-");
    mover = new Guest(ready());
    conversation = new Conversation(neighbour, mover);
    conversation.begin();
  }

  /** It is the same guest that runs, on one host, with one writer, and the talk went on. */
  @AfterEach
  void itIsTheSameGuest() {
    cloud.untilAllReady(Host.class, World.HOSTS.size(), PATIENCE);
    String host = Cloud.placement(ready()).host();
    assertThat(mover.boots()).as("boots").isEqualTo(1);
    conversation.mustGoOn();
    assertThat(World.HOSTS)
        .filteredOn(h -> Lab.run("virsh", h, "list", "--all", "--name").contains("mover"))
        .as("hosts with the guest")
        .containsExactly(host);
    Cloud.await(
        PATIENCE,
        () -> "others than " + host + " may still write",
        () ->
            cloud
                .get(Attachment.class, "acme", "mover-root")
                .filter(a -> a.observed().grantedHosts().equals(List.of(host)))
                .isPresent());
    Witness.of(mover).mustHaveOneWriter();
  }

  @AfterAll
  void close() {
    cloud.kubectl("", "-n", "acme", "delete", "migration,vm", "-l", "story=mover");
    cloud.close();
  }

  @Test
  @Order(1)
  void aMoveThatIsDeletedHalfWayIsNone() {
    VirtualMachine.Placed from = Cloud.placement(ready());
    ask("given-up", SLOWLY);
    untilHalfWay("given-up");
    cloud.kubectl("", "-n", "acme", "delete", "migration", "given-up", "--timeout=60s");
    assertThat(Cloud.placement(ready())).isEqualTo(from);
  }

  @Test
  @Order(2)
  void itMovesFromHostToHostBackToBackWhileItWritesItsMemory() {
    VirtualMachine.Placed from = Cloud.placement(ready());
    conversation.storm(2);
    String first = target(moved("first", ""));
    String second =
        target(moved("second", ", targetHost: " + World.others(from.host(), first).getFirst()));
    Migration.Status last = moved("third", ", targetHost: " + from.host());
    conversation.calm();
    assertThat(List.of(from.host(), first, second))
        .containsExactlyInAnyOrderElementsOf(World.HOSTS);
    assertThat(last.source()).isEqualTo(second);
    assertThat(last.downtimeMilliseconds()).isPositive();
    assertThat(Cloud.placement(ready())).isEqualTo(from);
  }

  @Test
  @Order(3)
  void whenTheTargetsLibvirtdDiesHalfWayItStaysAndCanBeMovedAgain() {
    VirtualMachine.Placed from = Cloud.placement(ready());
    ask("broken", SLOWLY);
    Migration running = untilHalfWay("broken");
    Lab.run("host", "crash", target(running.observed()));
    Migration failed = until("broken", Migration.Phase.Failed);
    assertThat(Cloud.explain(failed)).contains("MigrationFailed", "stays on host " + from.host());
    assertThat(Cloud.placement(ready())).isEqualTo(from);
    cloud.untilAllReady(Host.class, World.HOSTS.size(), PATIENCE);
    moved("again", "");
  }

  @Test
  @Order(4)
  void whenTheSourcesLibvirtdDiesHalfWayItStaysAndCanBeMovedAgain() {
    VirtualMachine.Placed from = Cloud.placement(ready());
    ask("torn", SLOWLY);
    untilHalfWay("torn");
    Lab.run("host", "crash", from.host());
    until("torn", Migration.Phase.Failed);
    assertThat(Cloud.placement(ready())).isEqualTo(from);
    cloud.untilAllReady(Host.class, World.HOSTS.size(), PATIENCE);
    moved("anew", "");
  }

  /** It writes its memory faster than the network is; one that may not be slowed down stays. */
  @Test
  @Order(5)
  void aStormOfDirtyPagesIsSlowedDownUntilItFits() {
    VirtualMachine.Placed from = Cloud.placement(ready());
    conversation.storm(12);
    ask("in-no-time", SQUEEZED + ", autoConverge: false, deadlineSeconds: 10");
    Migration late = until("in-no-time", Migration.Phase.Failed);
    assertThat(Cloud.explain(late)).contains("DeadlineExceeded", "not moved within 10 s");
    assertThat(late.observed().bytesProcessed()).as("what was sent in vain").isPositive();
    assertThat(Cloud.placement(ready())).isEqualTo(from);

    Migration.Status done = moved("in-a-storm", SQUEEZED);
    assertThat(done.bytesProcessed())
        .as("sent, some again and again")
        .isGreaterThan(done.bytesTotal());
  }

  private Migration.Status moved(String name, String more) {
    ask(name, more);
    Migration.Status done = until(name, Migration.Phase.Succeeded).observed();
    assertThat(Cloud.placement(ready()).host()).isEqualTo(target(done));
    return done;
  }

  private void ask(String name, String more) {
    cloud.kubectl(migration(name, more), "apply", "-f", "-");
  }

  private Migration until(String name, Migration.Phase phase) {
    return cloud.until(Migration.class, "acme", name, PATIENCE, m -> m.observed().phase() == phase);
  }

  private Migration untilHalfWay(String name) {
    return cloud.until(Migration.class, "acme", name, PATIENCE, Cloud::isHalfWay);
  }

  private VirtualMachine ready() {
    return cloud.until(VirtualMachine.class, "acme", "mover", Quickstart.PATIENCE, Cloud::isReady);
  }

  private static String target(Migration.Status migration) {
    return Optional.ofNullable(migration.target()).orElseThrow();
  }

  private static String migration(String name, String more) {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: Migration
    metadata: {name: %s, namespace: acme, labels: {story: mover}}
    spec: {virtualMachine: mover%s}
    """
        .formatted(name, more);
  }

  private static String machine() {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: VirtualMachine
    metadata: {name: mover, namespace: acme, labels: {story: mover}}
    spec:
      instanceType: tiny
      disks: [{name: root, template: {pool: vms, image: tiny}}]
      interfaces: [{name: eth0, network: web}]
      readiness: {tcpPort: 22}
      cloudInit:
        userData: |
          #cloud-config
          ssh_authorized_keys: [%s]
          runcmd:
            - nc -ll -p 7 -e cat &
    """
        .formatted(Lab.publicKey());
  }
}
