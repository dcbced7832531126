package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Hosts fail in every way that a host can. Guests outlive them, each disk has one writer, nothing
 * is lost, and nobody is given up who lives.
 */
@Order(95)
@ExtendWith(Evidence.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RecoveryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration LONGER_THAN_A_VERDICT = Duration.ofSeconds(15);
  private static final Duration A_MINUTE = Duration.ofSeconds(60);
  private final Cloud cloud = new Cloud();
  private List<Guest> guests = List.of();
  private Map<String, Integer> boots = Map.of();
  private Map<String, Long> written = Map.of();

  @BeforeAll
  void theQuickstartIsApplied() {
    guests = Quickstart.ready(cloud);
  }

  @BeforeEach
  void allIsWell() {
    cloud.untilAllReady(Host.class, World.HOSTS.size(), PATIENCE);
    cloud.untilAllReady(VirtualMachine.class, Quickstart.MACHINES, PATIENCE);
    boots = boots();
    written = written();
  }

  /** Whatever happened: one writer on each disk, and all that was written is there. */
  @AfterEach
  void oneWriterAndNothingLost() {
    Lab.run("ceph", "start");
    Lab.run("api", "start");
    Lab.run("heal");
    World.HOSTS.forEach(h -> Lab.run("host", "thaw", h));
    World.HOSTS.forEach(h -> Lab.run("host", "on", h));
    World.HOSTS.forEach(h -> cloud.mode(h, Host.Mode.Active));
    cloud.untilAllReady(Host.class, World.HOSTS.size(), PATIENCE);
    cloud.untilAllReady(VirtualMachine.class, Quickstart.MACHINES, Quickstart.PATIENCE);
    untilNobodyIsFenced();
    untilTheyWrite();
    for (Guest guest : guests) {
      Witness witness = Witness.of(guest);
      witness.mustHaveOneWriter();
      witness.mustHave(written.getOrDefault(guest.name(), 0L));
    }
  }

  @AfterAll
  void close() {
    cloud.close();
  }

  @Test
  @Order(1)
  void libvirtdAloneDiesAndNobodyIsFenced() {
    String host = host(guests.getFirst());
    Lab.run("host", "mute", host);
    untilVerdict(host, "DaemonDown");
    untilTheyWrite();
    nobodyIsGivenUpFor(LONGER_THAN_A_VERDICT);
    untilVerdict(host, "DaemonDown");
    Lab.run("host", "on", host);
    cloud.until(Host.class, "", host, PATIENCE, Cloud::isReady);
    cloud.untilAllReady(VirtualMachine.class, Quickstart.MACHINES, PATIENCE);
    assertThat(boots()).isEqualTo(boots);
  }

  /** The guests write on, and say so through Ceph. */
  @Test
  @Order(2)
  void aHostThatIsCutOffFromUsOnlyKeepsItsGuests() {
    String host = host(guests.getFirst());
    Lab.run("cut", "management", host);
    untilVerdict(host, "DaemonDown");
    untilTheyWrite();
    nobodyIsGivenUpFor(LONGER_THAN_A_VERDICT);
    assertThat(boots()).isEqualTo(boots);
    Lab.run("heal");
    cloud.until(Host.class, "", host, PATIENCE, Cloud::isReady);
    cloud.untilAllReady(VirtualMachine.class, Quickstart.MACHINES, PATIENCE);
    assertThat(boots()).isEqualTo(boots);
  }

  /** First to us only, while their guests still answer through Ceph; then to Ceph as well. */
  @Test
  @Order(3)
  void whenAllHostsAreSilentNobodyIsFenced() {
    World.HOSTS.forEach(h -> Lab.run("cut", "management", h));
    World.HOSTS.forEach(h -> cloud.until(Host.class, "", h, PATIENCE, x -> !Cloud.isReady(x)));
    nobodyIsGivenUpFor(LONGER_THAN_A_VERDICT);
    World.HOSTS.forEach(h -> Lab.run("cut", "storage", h));
    World.HOSTS.forEach(h -> untilVerdict(h, "OperatorIsolated"));
    nobodyIsGivenUpFor(LONGER_THAN_A_VERDICT);
    Lab.run("heal");
    untilTheyWrite();
    assertThat(boots()).isEqualTo(boots);
  }

  @Test
  @Order(4)
  void guestsOutliveAMinuteWithoutTheirStorageNetwork() throws InterruptedException {
    String host = host(guests.getFirst());
    Lab.run("cut", "storage", host);
    Thread.sleep(A_MINUTE.toMillis());
    assertThat(cloud.list(Fence.class)).allMatch(f -> !f.isShut());
    Lab.run("heal");
    untilTheyWrite();
    assertThat(boots()).isEqualTo(boots);
  }

  /** Without any power controller. */
  @Test
  @Order(5)
  void theGuestsOfAHostWithoutPowerAreReadyElsewhere() {
    String host = host(guests.getFirst());
    List<Guest> there = on(host);
    powerOff(host);
    untilReadyElsewhere(there, host);
    there.forEach(RecoveryIT.this::tellsItsStory);
    assertThat(boots()).isEqualTo(oneMore(there));
    nobodyLetsItInByHand(host);

    Lab.run("host", "on", host);
    untilNobodyIsFenced();
    assertThat(domains(host)).isEmpty();
  }

  @Test
  @Order(6)
  void aHostThatThawsAfterItsGuestsWereStartedElsewhereWritesNothingMore()
      throws InterruptedException {
    String host = host(guests.getFirst());
    List<Guest> there = on(host);
    Lab.run("host", "freeze", host);
    Instant thaw = Instant.now().plus(A_MINUTE);
    untilReadyElsewhere(there, host);
    Thread.sleep(Duration.between(Instant.now(), thaw));
    Lab.run("host", "thaw", host);
    untilNobodyIsFenced();
    assertThat(domains(host)).isEmpty();
    assertThat(boots()).isEqualTo(oneMore(there));
  }

  @Test
  @Order(7)
  void aHostThatReturnsDuringTheRecoveryIsLetInWithoutItsOldGuests() {
    String host = host(guests.getFirst());
    List<Guest> there = on(host);
    powerOff(host);
    Cloud.await(
        PATIENCE,
        () -> "not given up",
        () -> cloud.list(Fence.class).stream().anyMatch(Fence::isShut));
    Lab.run("host", "on", host);
    Instant back = Instant.now();
    untilNobodyIsFenced();
    cloud.untilAllReady(VirtualMachine.class, Quickstart.MACHINES, PATIENCE);
    assertThat(there)
        .allSatisfy(g ->
            assertThat(Instant.parse(Objects.requireNonNull(story(g).readyAt())))
                .as("when %s was recovered, whose host was back before", g.name())
                .isAfter(back));
    assertThat(boots()).isEqualTo(oneMore(there));
  }

  @Test
  @Order(8)
  void aHostThatReturnsWithoutItsDefinitionsIsLetIn() {
    String host = host(guests.getFirst());
    List<Guest> there = on(host);
    powerOff(host);
    untilReadyElsewhere(there, host);
    Lab.run("host", "wipe", host);
    Lab.run("host", "on", host);
    untilNobodyIsFenced();
    assertThat(boots()).isEqualTo(oneMore(there));
  }

  @Test
  @Order(9)
  void withoutRoomNothingIsDeletedAndItGoesOnWhenThereIsSome() {
    String host = host(guests.getFirst());
    List<Guest> there = on(host);
    List<String> others = World.others(host);
    others.forEach(h -> cloud.mode(h, Host.Mode.Cordoned));
    powerOff(host);
    for (Guest guest : there) {
      VirtualMachine waiting =
          cloud.until(
              VirtualMachine.class,
              guest.tenant(),
              guest.name(),
              PATIENCE,
              v ->
                  v.observed().waitingFor().stream()
                      .anyMatch(w -> w.reason().equals("NoHostFits")));
      assertThat(waiting.observed().phase()).isEqualTo("Recovering");
      assertThat(Cloud.explain(waiting)).contains("3 hosts: ", "2 Cordoned", "1 Fenced");
    }
    others.forEach(h -> cloud.mode(h, Host.Mode.Active));
    untilReadyElsewhere(there, host);
    assertThat(boots()).isEqualTo(oneMore(there));
  }

  @Test
  @Order(10)
  void aMachineThatIsDeletedWhileItsHostIsDeadIsCleanedUpWhenThatReturns() {
    String host = host(guests.getFirst());
    cloud.kubectl(doomed(host), "apply", "-f", "-");
    cloud.until(VirtualMachine.class, "acme", "doomed", PATIENCE, Cloud::isReady);
    powerOff(host);
    cloud.kubectl("", "-n", "acme", "delete", "vm", "doomed", "--timeout=90s");
    Lab.run("host", "on", host);
    untilNobodyIsFenced();
    assertThat(domains(host)).noneMatch(d -> d.contains("doomed"));
  }

  /** Its guests write on all the time, until their disks are theirs no more. */
  @Test
  @Order(11)
  void aHostThatIsCutOffFromUsForLongerThanThePolicysPatienceIsGivenUp() {
    Lab.run("upgrade", "recovery.patienceSeconds=15");
    try {
      cloud.untilAllReady(Host.class, World.HOSTS.size(), PATIENCE);
      String host = host(guests.getFirst());
      List<Guest> there = on(host);
      Lab.run("cut", "management", host);
      untilVerdict(host, "DaemonDown");
      untilReadyElsewhere(there, host);
      assertThat(boots()).isEqualTo(oneMore(there));
      there.forEach(g -> untilItsWritesAreRefused(host, g));
      Lab.run("heal");
      untilNobodyIsFenced();
      assertThat(domains(host)).isEmpty();
    } finally {
      Lab.run("upgrade");
    }
  }

  /** With what such a loss leaves behind: the locks of guests that died, and a host kept out. */
  @Test
  @Order(12)
  void afterAPowerLossOfTheWholeSiteEveryMachineBootsOnce() {
    String host = host(guests.getFirst());
    List<Guest> there = on(host);
    powerOff(host);
    untilReadyElsewhere(there, host);
    boots = oneMore(there);

    written = written();
    Lab.run("site", "off");
    Lab.run("ceph", "start");
    assertThat(lockedImages()).hasSizeGreaterThanOrEqualTo(guests.size());
    Lab.run("api", "start");
    Lab.run("operators", "start");
    World.HOSTS.forEach(h -> Lab.run("host", "on", h));
    cloud.untilAllReady(Host.class, World.HOSTS.size(), Quickstart.PATIENCE);
    cloud.untilAllReady(VirtualMachine.class, Quickstart.MACHINES, Quickstart.PATIENCE);
    assertThat(boots()).isEqualTo(oneMore(guests));
  }

  /** What all guests had written until then is to be there afterwards. */
  private void powerOff(String host) {
    written = written();
    Lab.run("host", "off", host);
  }

  private static List<String> lockedImages() {
    return World.lines(Lab.run("rbd", "ls", "vms"))
        .filter(image -> !Lab.run("rbd", "lock", "ls", "vms/" + image).isBlank())
        .toList();
  }

  private void untilReadyElsewhere(List<Guest> there, String host) {
    for (Guest guest : there) {
      cloud.until(
          VirtualMachine.class,
          guest.tenant(),
          guest.name(),
          PATIENCE,
          v -> Cloud.isReady(v) && !placed(v).equals(host));
    }
    mustBeRefused(host);
  }

  /** By what storage tells of it, and by Ceph itself. */
  private void mustBeRefused(String host) {
    Fence fence = cloud.get(Fence.class, "", host).orElseThrow();
    assertThat(fence).matches(Fence::isRefused, "is refused");
    String refused = cloud.shell().run(PATIENCE, "ceph", "osd", "blocklist", "ls");
    assertThat(fence.getSpec().addresses())
        .isNotEmpty()
        .allSatisfy(address -> assertThat(refused).contains(address + ":0/0"));
  }

  /** Not even who runs the cluster: its old guests might write again. */
  private void nobodyLetsItInByHand(String host) {
    Shell.Answer answer =
        cloud.tryKubectl(
            "", "patch", "fence", host, "--type=merge", "-p", "{\"spec\":{\"released\":true}}");
    assertThat(answer.ok()).isFalse();
    assertThat(answer.output()).contains("is changed by the operators only");
    mustBeRefused(host);
  }

  private void tellsItsStory(Guest guest) {
    assertThat(story(guest).toString()).doesNotContain("null");
  }

  private VirtualMachine.Recovered story(Guest guest) {
    return Optional.ofNullable(machine(guest).observed().recovery()).orElseThrow();
  }

  private void untilVerdict(String host, String reason) {
    cloud.until(
        Host.class,
        "",
        host,
        PATIENCE,
        h -> h.observed().condition("Fenced").filter(c -> c.reason().equals(reason)).isPresent());
  }

  /** Of the QEMU that a host which was given up still has. */
  private void untilItsWritesAreRefused(String host, Guest guest) {
    String domain =
        domains(host).stream()
            .filter(d -> d.contains("." + guest.name() + "."))
            .findFirst()
            .orElseThrow();
    Cloud.await(
        PATIENCE,
        () -> "no disk of " + domain + " has an error",
        () -> Lab.run("virsh", host, "domblkerror", domain).contains("vda:"));
  }

  private void nobodyIsGivenUpFor(Duration time) {
    await()
        .during(time)
        .atMost(time.plusSeconds(2))
        .untilAsserted(() -> assertThat(cloud.list(Fence.class)).allMatch(f -> !f.isShut()));
  }

  private void untilNobodyIsFenced() {
    Cloud.await(
        PATIENCE,
        () -> cloud.list(Fence.class).stream().map(Cloud::explain).toList().toString(),
        () -> cloud.list(Fence.class).isEmpty());
  }

  private void untilTheyWrite() {
    Map<String, Long> before = new HashMap<>();
    Cloud.await(
        PATIENCE,
        () -> "some do not answer",
        () -> {
          before.putAll(written());
          return true;
        });
    Cloud.await(
        PATIENCE,
        () -> "some stand still since " + before,
        () ->
            written().entrySet().stream()
                .allMatch(e -> e.getValue() > before.getOrDefault(e.getKey(), 0L)));
  }

  private Map<String, Integer> boots() {
    Map<String, Integer> counted = new HashMap<>();
    guests.forEach(g -> counted.put(g.name(), g.boots()));
    return counted;
  }

  private Map<String, Integer> oneMore(List<Guest> restarted) {
    Map<String, Integer> expected = new HashMap<>(boots);
    restarted.forEach(g -> expected.merge(g.name(), 1, Integer::sum));
    return expected;
  }

  private Map<String, Long> written() {
    Map<String, Long> counted = new HashMap<>();
    guests.forEach(g -> counted.put(g.name(), g.written()));
    return counted;
  }

  private List<Guest> on(String host) {
    return guests.stream().filter(g -> host(g).equals(host)).toList();
  }

  private String host(Guest guest) {
    return placed(machine(guest));
  }

  private VirtualMachine machine(Guest guest) {
    return cloud.get(VirtualMachine.class, guest.tenant(), guest.name()).orElseThrow();
  }

  private static String placed(VirtualMachine machine) {
    return Optional.ofNullable(machine.observed().placement())
        .map(VirtualMachine.Placed::host)
        .orElse("");
  }

  private static List<String> domains(String host) {
    return World.lines(Lab.run("virsh", host, "list", "--all", "--name")).toList();
  }

  private static String doomed(String host) {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: VirtualMachine
    metadata: {name: doomed, namespace: acme, labels: {story: recovery}}
    spec:
      instanceType: tiny
      disks: [{name: root, template: {pool: vms, image: tiny}}]
      placement: {hostSelector: {kubernetes.io/hostname: %s}}
    """
        .formatted(host);
  }
}
