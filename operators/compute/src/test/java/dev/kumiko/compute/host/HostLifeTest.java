package dev.kumiko.compute.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.domainxml.Guests;
import dev.kumiko.compute.libvirt.CephSecret;
import dev.kumiko.compute.libvirt.InMemoryHypervisor;
import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class HostLifeTest {
  private final HostWorld world = new HostWorld();

  @Test
  void whatGuestsMayGetIsCapacityLessReservedTimesOvercommit() {
    create();
    Host.Status status = pass();
    assertThat(status.capacity()).isEqualTo(new Host.Resources(8, "12Gi"));
    assertThat(status.allocatable()).isEqualTo(new Host.Resources(14, "15Gi"));
    assertThat(status.allocated()).isEqualTo(new Host.Resources(0, "0"));
    assertThat(status.virtualization()).isEqualTo(Host.Virtualization.TCG);
    assertThat(status.isReady()).isTrue();
    assertThat(status.condition("Connected").map(Condition::isTrue)).contains(true);
  }

  @Test
  void foreignDomainsAreCountedApart() {
    create();
    world.hosts.host("h1").plantForeign(new UUID(1, 1), "legacy");
    Host.Status status = pass();
    assertThat(status.guests()).isZero();
    assertThat(status.foreignGuests()).isEqualTo(1);
  }

  @Test
  void aSilentHostIsUnknownAndKeepsItsFigures() {
    create();
    pass();
    world.hosts.host("h1").reachable(false);
    Host.Status status = pass();
    assertThat(ready(status).status()).isEqualTo("Unknown");
    assertThat(ready(status).reason()).isEqualTo("Disconnected");
    assertThat(status.waitingFor()).extracting(w -> w.name()).containsExactly("libvirt/h1");
    assertThat(Objects.requireNonNull(status.capacity()).vcpus()).isEqualTo(8);
    world.hosts.host("h1").reachable(true);
    assertThat(pass().isReady()).isTrue();
  }

  @Test
  void placedMachinesAreAllocatedAndKeepTheHostFromBeingDeleted() {
    create();
    pass();
    VirtualMachine machine = placedMachine();
    Host.Status status = pass();
    assertThat(status.allocated()).isEqualTo(new Host.Resources(3, "768Mi"));
    world.cluster.delete(host());
    Host.Status held = pass();
    assertThat(ready(held).reason()).isEqualTo("InUse");
    assertThat(held.waitingFor()).extracting(w -> w.name()).containsExactly("acme/web");
    world.hosts.close("h1");
    pass();
    assertThat(world.hosts.find("h1")).as("after a restart of the operator").isPresent();
    world.cluster.delete(machine);
    pass();
    assertThat(world.cluster.get(Host.class, "", "h1")).isEmpty();
    assertThat(world.hosts.find("h1")).isEmpty();
  }

  @Test
  void whatItWasGivenIsTakenBackWhenItGoes() {
    create();
    pass();
    h1().provideSecret(new CephSecret("kumiko.dev.vms", "AQBLZXk="));
    world.cluster.delete(host());
    pass();
    assertThat(h1().calls()).contains("withdraw");
    assertThat(world.cluster.get(Host.class, "", "h1")).isEmpty();
  }

  @Test
  void whatItWasGivenForGuestsIsTakenBackWithTheLastOfThem() {
    create();
    pass();
    VirtualMachine machine = placedMachine();
    h1().provideSecret(new CephSecret("kumiko.dev.vms", "AQBLZXk="));
    pass();
    assertThat(h1().calls()).doesNotContain("withdraw");
    world.cluster.delete(machine);
    GuestDefinition left = Guests.bare(new UUID(7, 7), "acme.left", 1);
    h1().define(left);
    pass();
    assertThat(h1().calls()).as("a guest of ours is still there").doesNotContain("withdraw");
    h1().undefine(left.uuid());
    pass();
    assertThat(h1().inventory().secrets()).isEmpty();
    assertThat(host().observed().isReady()).isTrue();
    pass();
    assertThat(h1().calls()).containsOnlyOnce("withdraw");
  }

  @Test
  void whatItWasGivenIsTakenBackAlsoByAnOperatorThatBeganJustNow() {
    create();
    pass();
    h1().provideSecret(new CephSecret("kumiko.dev.vms", "AQBLZXk="));
    world.hosts.close("h1");
    world.cluster.delete(host());
    pass();
    assertThat(h1().calls()).contains("withdraw");
    assertThat(world.cluster.get(Host.class, "", "h1")).isEmpty();
    assertThat(world.hosts.find("h1")).isEmpty();
  }

  @Test
  void oneThatDoesNotAnswerGoesAllTheSame() {
    create();
    pass();
    world.hosts.host("h1").reachable(false);
    world.cluster.delete(host());
    pass();
    assertThat(h1().calls()).doesNotContain("withdraw");
    assertThat(world.cluster.get(Host.class, "", "h1")).isEmpty();
  }

  private VirtualMachine placedMachine() {
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
    VirtualMachine stored = world.cluster.get(VirtualMachine.class, "acme", "web").orElseThrow();
    stored.setStatus(
        new VirtualMachine.Status(
            null,
            List.of(),
            List.of(),
            List.of(),
            "Running",
            new VirtualMachine.Placed("h1", 1L),
            List.of(),
            3,
            "768Mi",
            null,
            null,
            null,
            null,
            1L,
            null));
    return world.cluster.updateStatus(stored);
  }

  @Test
  void aRenewedCertificateConnectsAnew() {
    create();
    pass();
    String before = world.hosts.target("h1").orElseThrow().fingerprint();
    world.secret("two");
    assertThat(pass().isReady()).isTrue();
    assertThat(world.hosts.target("h1").orElseThrow().fingerprint()).isNotEqualTo(before);
  }

  @Test
  void aMissingCertificateIsNamed() {
    world
        .cluster
        .get(io.fabric8.kubernetes.api.model.Secret.class, HostWorld.SYSTEM, "libvirt-tls")
        .ifPresent(world.cluster::delete);
    create();
    Host.Status status = pass();
    assertThat(ready(status).reason()).isEqualTo("SecretNotFound");
    assertThat(ready(status).message()).contains("kumiko-system/libvirt-tls");
  }

  @Test
  void theFirstMachineThatAnswersIsTheHostsFromThenOn() {
    create();
    assertThat(pass().machine()).isEqualTo(h1().machine().orElseThrow());
    assertThat(h1().admitted()).isEqualTo(h1().machine());
  }

  @Test
  void anotherMachineAtTheAddressIsNeverUsed() {
    create();
    String former = machine(pass());
    String other = new UUID(7, 8).toString();
    h1().leadTo(other);
    Host.Status status = pass();
    assertThat(ready(status).status()).isEqualTo("Unknown");
    assertThat(ready(status).reason()).isEqualTo("AnotherMachine");
    assertThat(ready(status).message()).contains(former, other);
    assertThat(status.machine()).isEqualTo(former);
    assertThat(h1().link().isConnected()).isFalse();
    GuestDefinition guest = Guests.bare(new UUID(1, 2), "web", 1);
    assertThatThrownBy(() -> h1().define(guest)).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> h1().inventory()).isInstanceOf(Unavailable.class);
    assertThat(h1().guests()).isEmpty();
    h1().leadTo(former);
    assertThat(pass().isReady()).isTrue();
  }

  @Test
  void anotherAddressOfAnotherMachineIsNeverUsed() {
    create();
    String former = machine(pass());
    h1().leadTo(new UUID(7, 8).toString());
    world.secret("two");
    assertThat(ready(pass()).reason()).isEqualTo("AnotherMachine");
    assertThat(h1().admitted()).contains(former);
    assertThat(h1().link().isConnected()).isFalse();
  }

  @Test
  void aMachineWithANewUuidIsRecordedAgainWhenTheOldOneIsTakenOut() {
    create();
    pass();
    String renamed = new UUID(7, 8).toString();
    h1().leadTo(renamed);
    pass();
    Host forgetful = host();
    forgetful.setStatus(Host.Status.empty());
    world.cluster.updateStatus(forgetful);
    Host.Status status = pass();
    assertThat(status.machine()).isEqualTo(renamed);
    assertThat(status.isReady()).isTrue();
  }

  @Test
  void aRestartAdmitsAgainAndWritesNothing() {
    create();
    pass();
    long writes = world.cluster.writes();
    world.hosts.close();
    assertThat(pass().isReady()).isTrue();
    assertThat(h1().link().isConnected()).isTrue();
    assertThat(world.cluster.writes()).isEqualTo(writes);
  }

  @Test
  void ofTwoHostsThatLeadToOneMachineTheFirstGoesOn() {
    create();
    String machine = machine(pass());
    twin(machine);
    Host.Status second = pass("h2");
    assertThat(ready(second).status()).isEqualTo("False");
    assertThat(ready(second).reason()).isEqualTo("SameMachine");
    assertThat(ready(second).message()).contains("h1", "h2");
    assertThat(second.machine()).isNull();
    assertThat(world.hosts.host("h2").link().isConnected()).isFalse();
    assertThat(pass().isReady()).isTrue();
    assertThat(h1().link().isConnected()).isTrue();
    long writes = world.cluster.writes();
    pass("h2");
    assertThat(world.cluster.writes()).isEqualTo(writes);
  }

  @Test
  void theSecondGoesOnWhenTheFirstIsDeleted() {
    create();
    String machine = machine(pass());
    twin(machine);
    pass("h2");
    world.cluster.delete(host());
    pass();
    Host.Status second = pass("h2");
    assertThat(second.machine()).isEqualTo(machine);
    assertThat(second.isReady()).isTrue();
  }

  @Test
  void aMachineThatAnotherHostTookAMomentAgoIsRefused() {
    create();
    twin(h1().machine().orElseThrow());
    Host.Status second =
        pass(
            "h2",
            action -> {
              if (action instanceof HostAction.Identify) {
                pass();
              }
            });
    assertThat(ready(second).reason()).isEqualTo("SameMachine");
    assertThat(second.machine()).isNull();
    assertThat(world.hosts.host("h2").link().isConnected()).isFalse();
    assertThat(host().observed().isReady()).isTrue();
  }

  /** A second Host whose address leads to the machine. */
  private void twin(String machine) {
    Host twin = world.resource();
    twin.getMetadata().setName("h2");
    world.cluster.create(twin);
    world.hosts.host("h2").leadTo(machine);
  }

  private void create() {
    world.cluster.create(world.resource());
  }

  private InMemoryHypervisor h1() {
    return world.hosts.host("h1");
  }

  private Host host() {
    return host("h1");
  }

  private Host host(String name) {
    return world.cluster.get(Host.class, "", name).orElseThrow();
  }

  private Host.Status pass() {
    return pass("h1");
  }

  private static String machine(Host.Status status) {
    return Objects.requireNonNull(status.machine());
  }

  private Host.Status pass(String name) {
    return pass(name, _ -> {});
  }

  private Host.Status pass(String name, Consumer<Action> before) {
    world.cluster.addFinalizer(host(name));
    Loop.Outcome<Host> outcome =
        new Loop<>(
                world.kind(),
                world.cluster,
                InstantSource.system(),
                (resource, action, work) -> {
                  before.accept(action);
                  work.run();
                })
            .reconcile(host(name));
    if (outcome.released()) {
      world.cluster.removeFinalizer(outcome.resource());
    }
    return outcome.resource().observed();
  }

  private static Condition ready(Host.Status status) {
    return status.condition(Condition.READY).orElseThrow();
  }
}
