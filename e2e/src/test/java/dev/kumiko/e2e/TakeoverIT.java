package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An operator dies after every single thing it does, or stands still until another one leads, or a
 * host dies half-way through a move: what was begun is finished, and each disk has one writer.
 */
@Order(85)
@ExtendWith({Evidence.class, Lookout.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TakeoverIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(10);

  /** What a process does to itself for each Host, whenever it begins. */
  private static final List<String> WITHIN = List.of("Open", "Admit");

  private static final String LEADER = "compute";
  private static final String NEXT = "compute-2";
  private final Cloud cloud = new Cloud();

  TakeoverIT() {
    Quickstart.ready(cloud);
  }

  @AfterEach
  void oneWriter() {
    World.HOSTS.forEach(h -> Lab.run("host", "on", h));
    World.HOSTS.forEach(h -> cloud.mode(h, Host.Mode.Active));
    cloud.untilAllReady(Host.class, World.HOSTS.size(), PATIENCE);
    Cloud.await(PATIENCE, () -> "still fenced", () -> cloud.list(Fence.class).isEmpty());
    Guest guest = new Guest(ready());
    Cloud.await(PATIENCE, () -> "it has not begun to write", () -> guest.written() > 0);
    Witness.of(guest).mustHaveOneWriter();
    cloud.kubectl("", "-n", "acme", "delete", "migration,vm", "-l", "story=takeover");
  }

  @AfterAll
  void oneOperatorOfEach() {
    Lab.run("operators", "thaw", LEADER);
    Lab.run("upgrade");
    cloud.close();
  }

  @Test
  @Order(1)
  void operatorsThatDieAfterEachActionOfADrainAndItsMigration() {
    VirtualMachine.Placed from = made();
    Set<Journal.Entry> seen =
        whileTheyDieAfterEachAction(
            () -> cloud.mode(from.host(), Host.Mode.Maintenance),
            () ->
                isReadyBeside(from.host())
                    && cloud
                        .get(Migration.class, "acme", "taken-drain")
                        .filter(m -> m.observed().phase() == Migration.Phase.Succeeded)
                        .isPresent());
    assertThat(seen)
        .extracting(Journal.Entry::action)
        .contains(
            "Evacuate", "Choose", "ShareAttachment", "SharePort", "Start", "Arrive", "Resume");
    assertThat(Cloud.placement(machine()).epoch()).isEqualTo(from.epoch());
    assertThat(new Guest(machine()).boots()).isEqualTo(1);
  }

  @Test
  @Order(2)
  void operatorsThatDieAfterEachActionOfAFenceAndTheRecovery() {
    VirtualMachine.Placed from = made();
    Set<Journal.Entry> seen =
        whileTheyDieAfterEachAction(
            () -> Lab.run("host", "off", from.host()), () -> isReadyBeside(from.host()));
    assertThat(seen)
        .extracting(Journal.Entry::action)
        .contains("Suspect", "GiveUp", "Refuse", "Place", "CreateAttachment", "Resume");
    Set<Journal.Entry> returned =
        whileTheyDieAfterEachAction(
            () -> Lab.run("host", "on", from.host()), () -> cloud.list(Fence.class).isEmpty());
    assertThat(returned)
        .extracting(Journal.Entry::action)
        .contains("EndLeftover", "LetIn", "Admit");
    Cloud.await(PATIENCE, () -> Cloud.explain(machine()), () -> isReadyBeside(from.host()));
    assertThat(Cloud.placement(machine()).epoch()).isGreaterThan(from.epoch());
    assertThat(new Guest(machine()).boots()).isEqualTo(2);
  }

  /** The host that it leaves, or the one that it goes to. */
  @ParameterizedTest
  @Order(3)
  @ValueSource(booleans = {true, false})
  void aMachineOutlivesAHostThatDiesHalfWayThroughItsMove(boolean isTheSource) {
    VirtualMachine.Placed from = made();
    String target = World.others(from.host()).getFirst();
    cloud.kubectl(move(target, ", bandwidthMebibytesPerSecond: 1"), "apply", "-f", "-");
    untilMove(Cloud::isHalfWay);
    Lab.run("host", "off", isTheSource ? from.host() : target);
    untilMove(m -> m.observed().phase() == Migration.Phase.Failed);
    if (isTheSource) {
      Cloud.await(PATIENCE, () -> Cloud.explain(machine()), () -> isReadyBeside(from.host()));
    } else {
      assertThat(Cloud.placement(ready())).isEqualTo(from);
    }
    assertThat(new Guest(machine()).boots()).isEqualTo(isTheSource ? 2 : 1);
  }

  /**
   * The lease ends while the leader stands still in the midst of a start, before the guest is let
   * run; then it goes on.
   */
  @ParameterizedTest
  @Order(4)
  @ValueSource(strings = {"CreateAttachment", "StartPaused"})
  void aLeaderThatStandsStillWhileAnotherTakesOver(String action) {
    String leader = leaderOfTwo();
    Journal journal = new Journal(leader);
    cloud.kubectl(taken(), "apply", "-f", "-");
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!hasBegun(journal, action)) {
      assertThat(Instant.now()).as("never began " + action).isBefore(deadline);
      sleep();
    }
    Lab.run("operators", "freeze", leader);
    Cloud.await(PATIENCE, () -> "nobody takes over", () -> !leader().equals(leader));
    assertThat(hasBegun(journal, "Resume")).as("stood still too late").isFalse();
    Lab.run("operators", "thaw", leader);
    assertThat(new Guest(ready()).boots()).isEqualTo(1);
  }

  /** The hosts move it by themselves; nobody lets it run who does not lead. */
  @Test
  @Order(5)
  void aGuestThatHasComeStandsStillUntilSomebodyLeads() {
    String leader = leaderOfTwo();
    VirtualMachine.Placed from = made();
    String target = World.others(from.host()).getFirst();
    Journal journal = new Journal(leader);
    cloud.kubectl(move(target, ""), "apply", "-f", "-");
    Cloud.await(
        PATIENCE,
        () -> "the move does not begin",
        () ->
            journal.news().stream()
                .anyMatch(e -> e.kind().equals("Migration") && e.action().equals("Start")));
    Cloud.await(PATIENCE, () -> "it is not on its way", () -> !domains(target, "--all").isEmpty());
    Lab.run("operators", "freeze", leader);
    Cloud.await(PATIENCE, () -> "it does not leave", () -> domains(from.host(), "--all").isEmpty());
    assertThat(domains(target, "--state-paused")).as("stands still").isNotEmpty();
    Cloud.await(PATIENCE, () -> "nobody takes over", () -> !leader().equals(leader));
    VirtualMachine.Placed there =
        cloud
            .until(VirtualMachine.class, "acme", "taken", PATIENCE, _ -> isReadyBeside(from.host()))
            .observed()
            .placement();
    Lab.run("operators", "thaw", leader);
    assertThat(there).isEqualTo(new VirtualMachine.Placed(target, from.epoch()));
    assertThat(new Guest(ready()).boots()).isEqualTo(1);
  }

  private static String domains(String host, String which) {
    return Lab.run("virsh", host, "list", "--name", which)
        .lines()
        .filter(name -> name.contains("taken"))
        .collect(Collectors.joining());
  }

  private void untilMove(Predicate<Migration> asDescribed) {
    cloud.until(Migration.class, "acme", "taken-move", PATIENCE, asDescribed);
  }

  private static String move(String target, String more) {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: Migration
    metadata: {name: taken-move, namespace: acme, labels: {story: takeover}}
    spec: {virtualMachine: taken, targetHost: %s%s}
    """
        .formatted(target, more);
  }

  private static boolean hasBegun(Journal journal, String action) {
    return journal.news().stream()
        .anyMatch(e -> e.name().equals("taken") && e.action().equals(action));
  }

  /**
   * What was begun and done. Who did it died the first time that it was done to that object: after
   * it had told so, or between doing and telling.
   */
  private Set<Journal.Entry> whileTheyDieAfterEachAction(Runnable begin, BooleanSupplier isDone) {
    List<Journal> journals = Stream.of("compute", "storage").map(Journal::new).toList();
    Set<Journal.Entry> seen = new LinkedHashSet<>();
    Instant deadline = Instant.now().plus(PATIENCE);
    begin.run();
    Instant looked = Instant.MIN;
    while (true) {
      for (Journal journal : journals) {
        boolean isNew = false;
        for (Journal.Entry entry : journal.news()) {
          isNew |= !isWithin(entry) && seen.add(entry) && entry.isDone();
        }
        if (isNew) {
          Lab.run("operators", "crash", journal.pod());
        }
      }
      if (looked.plusMillis(500).isBefore(Instant.now())) {
        looked = Instant.now();
        if (isDone.getAsBoolean()) {
          return seen;
        }
        assertThat(looked).as("not done; so far: %s", seen).isBefore(deadline);
      }
      sleep();
    }
  }

  private static boolean isWithin(Journal.Entry entry) {
    return entry.kind().equals("Host") && WITHIN.contains(entry.action());
  }

  private static void sleep() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The other one waits until this one does not lead any more. */
  private String leaderOfTwo() {
    if (!Lab.run("status").contains(NEXT)) {
      Lab.run("upgrade", "deployments.compute.replicas=2");
    }
    return leader();
  }

  private String leader() {
    String holder =
        Objects.requireNonNull(
            cloud
                .client()
                .leases()
                .inNamespace("kumiko-system")
                .withName("kumiko-compute")
                .get()
                .getSpec()
                .getHolderIdentity());
    return holder.replaceAll("^kumiko-|-lab$", "");
  }

  private VirtualMachine.Placed made() {
    cloud.kubectl(taken(), "apply", "-f", "-");
    return Cloud.placement(ready());
  }

  private VirtualMachine ready() {
    return cloud.until(VirtualMachine.class, "acme", "taken", PATIENCE, Cloud::isReady);
  }

  private VirtualMachine machine() {
    return cloud.get(VirtualMachine.class, "acme", "taken").orElseThrow();
  }

  private boolean isReadyBeside(String host) {
    VirtualMachine machine = machine();
    VirtualMachine.Placed placed = machine.observed().placement();
    return placed != null && !placed.host().equals(host) && Cloud.isReady(machine);
  }

  private static String taken() {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: VirtualMachine
    metadata: {name: taken, namespace: acme, labels: {story: takeover}}
    spec:
      instanceType: tiny
      disks: [{name: root, template: {pool: vms, image: tiny}}]
      interfaces: [{name: eth0, network: web}]
      readiness: {tcpPort: 80}
    """;
  }
}
