package dev.kumiko.compute.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.power.InMemoryBmc;
import dev.kumiko.compute.power.PowerControllers;
import dev.kumiko.compute.power.PowerLogin;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host with a power controller is silent and was given up just now. */
final class HostPowerTest {
  private final HostWorld world = new HostWorld();
  private final InMemoryBmc bmc = new InMemoryBmc(new PowerLogin("root", "horse"));
  private final List<Runnable> begun = new ArrayList<>();
  private HostKind leader = leader();

  @BeforeEach
  void begin() {
    bmc.on("sys-1");
    world.cluster.create(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(HostWorld.SYSTEM)
            .withName("bmc")
            .endMetadata()
            .withData(Map.of("username", "cm9vdA==", "password", "aG9yc2U="))
            .build());
    world.power =
        new PowerControllers(
            world.cluster, HostWorld.SYSTEM, (address, login) -> bmc.open(address, login));
    Host host = world.resource();
    Host.Spec s = host.getSpec();
    host.setSpec(
        new Host.Spec(
            s.connection(),
            s.mode(),
            s.capacity(),
            s.reserved(),
            s.overcommit(),
            s.storageAddresses(),
            s.chassis(),
            List.of(
                new Host.Fencing(
                    Host.FencingMethod.Redfish,
                    new Host.Redfish("https://10.0.9.1", "sys-1", "bmc", null)))));
    world.cluster.create(host);
    leader = leader();
    pass();
    world.hosts.host("h1").reachable(false, world.clock.instant());
    giveUp();
  }

  @Test
  void itIsSwitchedOffOnceWhoeverLeads() {
    pass();
    assertThat(bmc.asked()).hasSize(1);
    assertThat(host().observed().switchedOffFor()).isEqualTo(fence().getSpec().givenUpAt());
    assertThat(condition("Fenced").orElseThrow().message()).contains("switched it off");
    world.clock.turn(Duration.ofHours(1));
    pass();
    leader = leader();
    pass();
    assertThat(bmc.asked()).hasSize(1);
  }

  /** Its operator died when it had written the Fence, or while it tried. */
  @Test
  void aNewLeaderSwitchesOffWhatIsStillOn() {
    world.beside = begun::add;
    leader = leader();
    pass();
    assertThat(bmc.asked()).isEmpty();
    world.beside = Runnable::run;
    leader = leader();
    pass();
    assertThat(bmc.asked()).containsExactly("off sys-1 at https://10.0.9.1");
  }

  @Test
  void aPowerControllerThatIsSilentIsAskedAgainLessAndLessOften() {
    bmc.reachable(false);
    List<Long> asked = new ArrayList<>();
    for (long second = 0; second <= 200; second++) {
      int before = bmc.asked().size();
      pass();
      if (bmc.asked().size() > before) {
        asked.add(second);
      }
      world.clock.turn(Duration.ofSeconds(1));
    }
    assertThat(asked).containsExactly(0L, 10L, 30L, 70L, 130L, 190L);
    bmc.reachable(true);
    world.clock.turn(Duration.ofMinutes(1));
    pass();
    pass();
    assertThat(bmc.asked()).hasSize(7);
    assertThat(condition("PoweredOff")).isEmpty();
    assertThat(host().observed().switchedOffFor()).isEqualTo(fence().getSpec().givenUpAt());
  }

  /** A machine that boots is as silent as one that hangs. */
  @Test
  void whoRepairsTheMachineLaterIsNotDefeated() {
    bmc.reachable(false);
    pass();
    bmc.reachable(true);
    world.clock.turn(Duration.ofMinutes(10));
    pass();
    leader = leader();
    pass();
    assertThat(bmc.asked()).hasSize(1);
    assertThat(condition("PoweredOff").orElseThrow().isTrue()).isFalse();
  }

  @Test
  void thatItFailedIsToldOnTheHostAlsoByANewLeaderAndOnceAsAnEvent() {
    bmc.reachable(false);
    pass();
    Condition failed = condition("PoweredOff").orElseThrow();
    assertThat(failed.reason()).isEqualTo("PowerOffFailed");
    assertThat(failed.status()).isEqualTo("False");
    assertThat(failed.message())
        .startsWith("The power of host h1 is not switched off: https://10.0.9.1 does not answer")
        .contains("tried again", "switch the machine off by hand");
    world.clock.turn(Duration.ofMinutes(2));
    pass();
    world.beside = begun::add;
    leader = leader();
    pass();
    assertThat(begun).isNotEmpty();
    assertThat(condition("PoweredOff")).contains(failed);
    assertThat(events()).hasSize(1);
  }

  @Test
  void nothingWaitsForIt() {
    world.beside = begun::add;
    leader = leader();
    pass();
    assertThat(condition("Fenced").orElseThrow().reason()).isEqualTo("GivenUp");
    world.hosts.host("h1").reachable(true);
    pass();
    assertThat(fence().isOver()).as("it is let in while a try goes on").isTrue();
  }

  @Test
  void itIsNotSwitchedOffOnceItAnswersAgain() {
    bmc.reachable(false);
    pass();
    world.hosts.host("h1").refusing(world.clock.instant().plusSeconds(1));
    world.clock.turn(Duration.ofMinutes(2));
    pass();
    assertThat(condition("PoweredOff")).isEmpty();
    world.hosts.host("h1").reachable(true);
    pass();
    world.clock.turn(Duration.ofMinutes(2));
    pass();
    assertThat(bmc.asked()).hasSize(1);
  }

  @Test
  void itIsNotSwitchedOffWhenItAnsweredBeforeThePowerControllerWasAsked() {
    world.beside = begun::add;
    leader = leader();
    pass();
    world.hosts.host("h1").refusing(world.clock.instant().plusSeconds(1));
    begun.forEach(Runnable::run);
    assertThat(bmc.asked()).isEmpty();
  }

  /** Its machine answered all the time, its libvirtd did not. */
  @Test
  void whatIsGivenUpAlthoughItsMachineAnswersIsSwitchedOffToo() {
    world.hosts.host("h1").refusing(world.clock.instant());
    pass();
    assertThat(bmc.asked()).hasSize(1);
  }

  @Test
  void whatIsGivenUpAgainIsSwitchedOffAgain() {
    pass();
    Fence fence = fence();
    Fence.Spec s = fence.getSpec();
    String later = world.clock.instant().plusSeconds(60).toString();
    fence.setSpec(
        new Fence.Spec(s.stage(), s.addresses(), false, s.silentSince(), later, s.reason()));
    world.cluster.replace(fence);
    pass();
    assertThat(bmc.asked()).hasSize(2);
    assertThat(host().observed().switchedOffFor()).isEqualTo(later);
  }

  private HostKind leader() {
    return (HostKind) world.kind();
  }

  private void giveUp() {
    Instant now = world.clock.instant();
    Fence fence = new Fence();
    fence.setMetadata(new ObjectMetaBuilder().withName("h1").build());
    fence.setSpec(
        new Fence.Spec(
            Fence.Stage.GivenUp, List.of("10.78.0.11"), false, null, now.toString(), "no answer"));
    world.cluster.create(fence);
    world.cluster.addFinalizer(fence);
  }

  private Fence fence() {
    return world.cluster.get(Fence.class, "", "h1").orElseThrow();
  }

  private Host host() {
    return world.cluster.get(Host.class, "", "h1").orElseThrow();
  }

  private Optional<Condition> condition(String type) {
    return host().observed().condition(type);
  }

  private List<String> events() {
    return world.cluster.events().stream().filter(e -> e.contains(" PowerOffFailed:")).toList();
  }

  private void pass() {
    for (int i = 0; i < 3; i++) {
      new Loop<>(leader, world.cluster, world.clock, (resource, action, work) -> work.run())
          .reconcile(host());
    }
  }
}
