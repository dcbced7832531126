package dev.kumiko.compute.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.compute.domainxml.Guests;
import dev.kumiko.compute.libvirt.InMemoryHypervisor;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Kumiko;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HostFencingTest {
  private static final UUID GUEST = new UUID(7, 7);
  private final HostWorld world = new HostWorld();

  /** Three hosts, of which the first has a guest. */
  @BeforeEach
  void begin() {
    for (String name : List.of("h1", "h2", "h3")) {
      Host host = world.resource();
      host.getMetadata().setName(name);
      world.cluster.create(host);
      pass(name);
    }
    place("h1");
  }

  @Test
  void aSilentHostWithGuestsIsSuspectedAndItsGuestsAreAsked() {
    h1().reachable(false);
    pass("h1");
    assertThat(fence().getSpec().stage()).isEqualTo(Fence.Stage.Suspected);
    assertThat(fence().getSpec().addresses()).containsExactly("10.78.0.11");
    assertThat(condition().reason()).isEqualTo("Suspected");
  }

  @Test
  void aSilentHostWithoutGuestsHasNothingToRecover() {
    world.hosts.host("h2").reachable(false);
    pass("h2");
    assertThat(world.cluster.list(Fence.class)).isEmpty();
  }

  @Test
  void aHostWhoseLibvirtdIsSilentIsNotGivenUpWhileAGuestAnswers() {
    silence(Fence.Guests.Answering, Duration.ofDays(1));
    assertThat(fence().getSpec().stage()).isEqualTo(Fence.Stage.Suspected);
    assertThat(condition().reason()).isEqualTo("DaemonDown");
  }

  @Test
  void aVerdictThatIsLeftToAPersonIsToldOncePerChange() {
    silence(Fence.Guests.Answering, Duration.ofMinutes(1));
    pass("h1");
    world.clock.turn(Duration.ofMinutes(1));
    pass("h1");
    assertThat(events("DaemonDown"))
        .containsExactly("Warning Host h1 DaemonDown: " + condition().message());
    assertThat(condition().message()).contains("guests answer through Ceph");
    h1().reachable(true);
    pass("h1");
    silence(Fence.Guests.Answering, Duration.ofMinutes(1));
    assertThat(events("DaemonDown")).as("it was heard meanwhile").hasSize(2);
  }

  /** One question that is lost, on a host whose libvirtd has been silent for long. */
  @Test
  void aHostIsNotGivenUpWhileItsGuestsAnsweredWithinTheDetectionTime() {
    HostKind kind = (HostKind) world.kind();
    silence(Fence.Guests.Answering, Duration.ofMinutes(1));
    pass(kind, "h1");
    say(Fence.Guests.Silent);
    world.clock.turn(Duration.ofSeconds(4));
    pass(kind, "h1");
    assertThat(condition().reason()).isEqualTo("DaemonDown");
    world.clock.turn(Duration.ofSeconds(1));
    pass(kind, "h1");
    assertThat(fence().isShut()).isTrue();
  }

  @Test
  void aHostIsNotGivenUpBeforeItsGuestsWereAsked() {
    h1().reachable(false);
    world.clock.turn(Duration.ofDays(1));
    pass("h1");
    pass("h1");
    assertThat(fence().getSpec().stage()).isEqualTo(Fence.Stage.Suspected);
  }

  @Test
  void aHostOfWhichNothingIsHeardIsGivenUpAfterTheDetectionTime() {
    silence(Fence.Guests.Silent, Duration.ofSeconds(4));
    assertThat(fence().getSpec().stage()).isEqualTo(Fence.Stage.Suspected);
    world.clock.turn(Duration.ofSeconds(1));
    pass("h1");
    assertThat(fence().isShut()).isTrue();
    assertThat(fence().getSpec().givenUpAt()).isEqualTo(world.clock.instant().toString());
    assertThat(condition().isTrue()).isTrue();
    assertThat(condition().reason()).isEqualTo("GivenUp");
    assertThat(world.cluster.events())
        .last()
        .asString()
        .startsWith("Warning Host h1 GivenUp:")
        .endsWith("heard through Ceph, silent since 00:00:00 UTC.");
  }

  @Test
  void aHostThatAnswersAgainIsSuspectedNoMore() {
    silence(Fence.Guests.Silent, Duration.ofSeconds(4));
    h1().reachable(true);
    pass("h1");
    assertThat(world.cluster.list(Fence.class)).isEmpty();
    assertThat(host("h1").observed().condition("Fenced")).isEmpty();
  }

  @Test
  void nobodyIsGivenUpWhenAllHostsAreSilent() {
    List.of("h2", "h3").forEach(h -> world.hosts.host(h).reachable(false));
    h1().reachable(false, world.clock.instant());
    world.clock.turn(Duration.ofDays(1));
    pass("h1");
    assertThat(condition().reason()).isEqualTo("OperatorIsolated");
    assertThat(events("OperatorIsolated")).hasSize(1);
    assertThat(world.cluster.list(Fence.class)).isEmpty();
  }

  @Test
  void whenMoreHostsThanAllowedAreSilentAPersonDecides() {
    world.hosts.host("h2").reachable(false, world.clock.instant());
    silence(Fence.Guests.Silent, Duration.ofMinutes(4));
    assertThat(condition().reason()).isEqualTo("TooManySilent");
    assertThat(events("TooManySilent")).hasSize(1);
    giveUp(Map.of(Kumiko.GIVE_UP, "true"));
    pass("h1");
    assertThat(fence().isShut()).isTrue();
  }

  /** One that was forgotten would cost the guests of a healthy host their disks. */
  @Test
  void anOrderIsForOneOutage() {
    HostKind kind = (HostKind) world.kind();
    giveUp(Map.of(Kumiko.GIVE_UP, "true"));
    pass(kind, "h1");
    assertThat(host("h1").observed().condition("GiveUpSpent")).as("not noticed yet").isEmpty();
    world.clock.turn(Duration.ofSeconds(45));
    pass(kind, "h1");
    assertThat(host("h1").observed().condition("GiveUpSpent").orElseThrow().message())
        .contains("set it again");
    h1().reachable(false, world.clock.instant());
    world.clock.turn(Duration.ofSeconds(1));
    pass("h1");
    assertThat(fence().getSpec().stage()).isEqualTo(Fence.Stage.Suspected);
    giveUp(Map.of());
    pass("h1");
    assertThat(host("h1").observed().condition("GiveUpSpent")).isEmpty();
    giveUp(Map.of(Kumiko.GIVE_UP, "true"));
    pass("h1");
    assertThat(fence().isShut()).as("given while it is silent").isTrue();
  }

  @Test
  void anOrderThatCameBeforeTheOutageWasNoticedCounts() {
    HostKind kind = (HostKind) world.kind();
    giveUp(Map.of(Kumiko.GIVE_UP, "true"));
    pass(kind, "h1");
    world.clock.turn(Duration.ofSeconds(4));
    h1().reachable(false, world.clock.instant());
    pass(kind, "h1");
    assertThat(fence().isShut()).isTrue();
  }

  private void giveUp(Map<String, String> annotations) {
    Host given = host("h1");
    given.getMetadata().setAnnotations(annotations);
    world.cluster.apply(given);
  }

  @Test
  void aHostThatIsBackIsLetInOnlyWhenItsOldGuestsAreEnded() {
    runs(GUEST);
    silence(Fence.Guests.Silent, Duration.ofSeconds(5));
    assertThat(fence().isShut()).isTrue();
    world.cluster.addFinalizer(fence());
    h1().reachable(true);
    pass("h1");
    assertThat(h1().guests()).isEmpty();
    assertThat(fence().getSpec().released()).isTrue();
    assertThat(fence().getMetadata().getDeletionTimestamp()).isNotNull();
  }

  @Test
  void whoWasStartedElsewhereIsAnnouncedThereWhenTheOldHostIsBack() {
    silence(Fence.Guests.Silent, Duration.ofSeconds(5));
    world.cluster.addFinalizer(fence());
    VirtualMachine moved = world.cluster.get(VirtualMachine.class, "acme", "web").orElseThrow();
    UUID uid = UUID.fromString(moved.getMetadata().getUid());
    world.hosts.host("h2").define(Guests.bare(uid, "acme.web", 4));
    world.hosts.host("h2").startPaused(uid);
    world.hosts.host("h2").resume(uid, 4);
    place("h2", new VirtualMachine.Recovered("h1", null, null, null, null, null, null, null));
    h1().reachable(true);
    pass("h1");
    assertThat(world.hosts.host("h2").calls()).anyMatch(call -> call.startsWith("announce"));
  }

  @Test
  void aFenceThatAPersonDeletesIsNotReleasedBeforeItsTime() {
    silence(Fence.Guests.Silent, Duration.ofSeconds(5));
    world.cluster.addFinalizer(fence());
    world.cluster.delete(fence());
    pass("h1");
    assertThat(fence().isShut()).isTrue();
  }

  /** A leader that stood still meanwhile hears of it all at once. */
  @Test
  void aHostThatWasGivenUpAgainIsNotLetInForWhatWasSeenBefore() {
    silence(Fence.Guests.Silent, Duration.ofSeconds(5));
    world.cluster.addFinalizer(fence());
    h1().reachable(true);
    world.before =
        action -> {
          if (action instanceof HostAction.LetIn) {
            Fence.Spec s = fence().getSpec();
            String later = world.clock.instant().plusSeconds(60).toString();
            write(new Fence.Spec(s.stage(), s.addresses(), false, s.silentSince(), later, "again"));
          }
        };
    assertThatThrownBy(() -> pass("h1")).isInstanceOf(Conflict.class);
    assertThat(fence().isShut()).isTrue();
  }

  @Test
  void whatWasStartedOnAHostThatWasLetInIsNoLeftover() {
    runs(GUEST);
    silence(Fence.Guests.Silent, Duration.ofSeconds(5));
    Fence seen = fence();
    world.cluster.addFinalizer(seen);
    h1().reachable(true);
    world.before =
        action -> {
          if (action.describe().startsWith("end the domain")) {
            Fence.Spec s = fence().getSpec();
            write(
                new Fence.Spec(
                    s.stage(), s.addresses(), true, s.silentSince(), s.givenUpAt(), s.reason()));
          }
        };
    assertThatThrownBy(() -> pass("h1")).isInstanceOf(Conflict.class);
    assertThat(h1().guests()).hasSize(1);
  }

  @Test
  void aHostThatFailsAgainBeforeEveryPoolLetItInIsSuspectedAnew() {
    letIn();
    Fence over = fence();
    move("10.78.1.11");
    h1().reachable(false, world.clock.instant());
    pass("h1");
    assertThat(fence().getMetadata().getUid()).isEqualTo(over.getMetadata().getUid());
    assertThat(fence().getSpec().stage()).isEqualTo(Fence.Stage.Suspected);
    assertThat(fence().getSpec().released()).isTrue();
    assertThat(fence().getSpec().addresses()).containsExactly("10.78.0.11", "10.78.1.11");
    assertThat(fence().getSpec().silentSince()).isEqualTo(world.clock.instant().toString());
  }

  @Test
  void whatGuestsSaidAtAnEarlierFailureCountsNoMore() {
    letIn();
    h1().reachable(false, world.clock.instant());
    world.clock.turn(Duration.ofDays(1));
    pass("h1");
    assertThat(fence().observed().guests()).isEqualTo(Fence.Guests.Silent);
    assertThat(fence().getSpec().stage()).isEqualTo(Fence.Stage.Suspected);
    say(Fence.Guests.Answering);
    pass("h1");
    assertThat(condition().reason()).isEqualTo("DaemonDown");
  }

  @Test
  void aHostThatFailsAgainBeforeEveryPoolLetItInIsGivenUpAnew() {
    letIn();
    silence(Fence.Guests.Silent, Duration.ofSeconds(5));
    assertThat(fence().isShut()).isTrue();
    assertThat(fence().getSpec().givenUpAt()).isEqualTo(world.clock.instant().toString());
    assertThat(condition().reason()).isEqualTo("GivenUp");
    h1().reachable(true);
    pass("h1");
    assertThat(fence().isOver()).isTrue();
  }

  @Test
  void aHostThatIsSuspectedAnewAndAnswersIsStillLetIn() {
    letIn();
    silence(Fence.Guests.Silent, Duration.ofSeconds(4));
    h1().reachable(true);
    pass("h1");
    assertThat(fence().isOver()).isTrue();
    assertThat(host("h1").observed().condition("Fenced")).isEmpty();
  }

  /** It was given up and is back, and some pool is still to let it in. */
  private void letIn() {
    silence(Fence.Guests.Silent, Duration.ofSeconds(5));
    world.cluster.addFinalizer(fence());
    h1().reachable(true);
    pass("h1");
    assertThat(fence().isOver()).isTrue();
  }

  private void move(String storageAddress) {
    Host host = host("h1");
    Host.Spec s = host.getSpec();
    host.setSpec(
        new Host.Spec(
            s.connection(),
            s.mode(),
            s.capacity(),
            s.reserved(),
            s.overcommit(),
            List.of(storageAddress),
            s.chassis(),
            List.of()));
    world.cluster.apply(host);
  }

  private void write(Fence.Spec spec) {
    Fence changed = fence();
    changed.setSpec(spec);
    world.cluster.replace(changed);
  }

  /** Nothing is heard for so long, but what storage says of its guests. */
  private void silence(Fence.Guests guests, Duration lasting) {
    h1().reachable(false, world.clock.instant());
    pass("h1");
    say(guests);
    world.clock.turn(lasting);
    pass("h1");
  }

  /** As storage does. */
  private void say(Fence.Guests guests) {
    Fence fence = fence();
    fence.setStatus(
        new Fence.Status(
            fence.getMetadata().getGeneration(),
            List.of(),
            List.of(),
            List.of(),
            guests,
            List.of()));
    world.cluster.updateStatus(fence);
  }

  private void runs(UUID guest) {
    h1().define(Guests.bare(guest, "acme.web", 3));
    h1().startPaused(guest);
    h1().resume(guest, 3);
  }

  private void place(String host) {
    VirtualMachine machine = new VirtualMachine();
    machine.setMetadata(new ObjectMetaBuilder().withNamespace("acme").withName("web").build());
    machine.setSpec(
        new VirtualMachine.Spec(
            VirtualMachine.RunPolicy.Always,
            null,
            3,
            "768Mi",
            null,
            List.of(new VirtualMachine.Disk("root", "disk", null)),
            List.of(),
            null,
            null,
            null,
            null));
    world.cluster.create(machine);
    place(host, null);
  }

  private void place(String host, VirtualMachine.@Nullable Recovered recovery) {
    VirtualMachine stored = world.cluster.get(VirtualMachine.class, "acme", "web").orElseThrow();
    VirtualMachine.Status none = VirtualMachine.Status.empty();
    stored.setStatus(
        new VirtualMachine.Status(
            null,
            List.of(),
            List.of(),
            List.of(),
            "Running",
            new VirtualMachine.Placed(host, 3L),
            List.of(),
            3,
            "768Mi",
            null,
            none.domain(),
            null,
            null,
            3L,
            recovery));
    world.cluster.updateStatus(stored);
  }

  private InMemoryHypervisor h1() {
    return world.hosts.host("h1");
  }

  private Host host(String name) {
    return world.cluster.get(Host.class, "", name).orElseThrow();
  }

  private Fence fence() {
    return world.cluster.get(Fence.class, "", "h1").orElseThrow();
  }

  private List<String> events(String reason) {
    return world.cluster.events().stream().filter(e -> e.contains(" " + reason + ":")).toList();
  }

  private Condition condition() {
    return host("h1").observed().condition("Fenced").orElseThrow();
  }

  private void pass(String name) {
    pass((HostKind) world.kind(), name);
  }

  private void pass(HostKind kind, String name) {
    for (int i = 0; i < 3; i++) {
      new Loop<>(
              kind,
              world.cluster,
              world.clock,
              (resource, action, work) -> {
                world.before.accept(action);
                work.run();
              })
          .reconcile(host(name));
    }
  }
}
