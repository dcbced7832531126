package dev.kumiko.compute.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.domainxml.Guests;
import dev.kumiko.compute.domainxml.Marker;
import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.libvirt.InMemoryHypervisor;
import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator that was late has started for a machine that was deleted meanwhile. */
final class OrphansTest {
  private final HostWorld world = new HostWorld();
  private GuestDefinition guest = Guests.bare(new UUID(0, 0), "acme.web", 3);

  @BeforeEach
  void aPausedDomainOfAMachine() {
    world.cluster.create(world.resource());
    pass();
    VirtualMachine machine = new VirtualMachine();
    machine.setMetadata(new ObjectMetaBuilder().withNamespace("acme").withName("web").build());
    world.cluster.create(machine);
    UUID uid = UUID.fromString(machine().getMetadata().getUid());
    guest =
        Guests.bare(uid, "acme.web", 3).with(new Marker("acme", "web", uid.toString(), 3, "", ""));
    h1().define(guest);
    h1().startPaused(uid);
  }

  @Test
  void aPausedDomainStaysWhileItsMachineIsThere() {
    pass();
    assertThat(state()).contains(GuestState.PAUSED);
  }

  @Test
  void aPausedDomainIsEndedWhenItsMachineIsGone() {
    world.cluster.delete(machine());
    pass();
    assertThat(state()).isEmpty();
    assertThat(h1().calls()).contains("destroy " + guest.uuid(), "undefine " + guest.uuid());
  }

  @Test
  void soItIsWhenAnotherMachineHasTheName() {
    VirtualMachine namesake = machine();
    world.cluster.delete(namesake);
    VirtualMachine machine = new VirtualMachine();
    machine.setMetadata(new ObjectMetaBuilder().withNamespace("acme").withName("web").build());
    world.cluster.create(machine);
    assertThat(machine().getMetadata().getUid()).isNotEqualTo(guest.marker().uid());
    pass();
    assertThat(state()).isEmpty();
  }

  @Test
  void aDefinitionAloneIsForgotten() {
    h1().destroy(guest.uuid(), 3);
    world.cluster.delete(machine());
    pass();
    assertThat(state()).isEmpty();
    assertThat(h1().calls()).filteredOn(c -> c.startsWith("destroy")).hasSize(1);
  }

  @Test
  void aGuestThatRunsIsNeverEnded() {
    h1().resume(guest.uuid(), 3);
    world.cluster.delete(machine());
    pass();
    assertThat(state()).contains(GuestState.RUNNING);
    h1().become(guest.uuid(), GuestState.PAUSED_BY_IO_ERROR);
    pass();
    assertThat(state()).contains(GuestState.PAUSED_BY_IO_ERROR);
  }

  @Test
  void noneThatRunsByNowIsEnded() {
    world.cluster.delete(machine());
    pass(action -> h1().become(guest.uuid(), GuestState.RUNNING));
    assertThat(state()).contains(GuestState.RUNNING);
  }

  /** The cache did not know it yet. */
  @Test
  void aMachineThatTheApiHasIsNotGone() {
    Orphan orphan = Orphan.of(h1().inventory().guest(guest.uuid()).orElseThrow()).orElseThrow();
    Orphans orphans = new Orphans(world.cluster, world.hosts);
    assertThatThrownBy(() -> orphans.end("h1", orphan))
        .isInstanceOf(Conflict.class)
        .hasMessage("VirtualMachine acme/web is there");
    assertThat(state()).contains(GuestState.PAUSED);
  }

  @Test
  void aHostThatIsTakenAwayKeepsNone() {
    world.cluster.delete(machine());
    world.cluster.addFinalizer(host());
    world.cluster.delete(host());
    pass();
    assertThat(state()).isEmpty();
  }

  private Optional<GuestState> state() {
    return h1().inventory().guest(guest.uuid()).map(Guest::state);
  }

  private VirtualMachine machine() {
    return world.cluster.get(VirtualMachine.class, "acme", "web").orElseThrow();
  }

  private InMemoryHypervisor h1() {
    return world.hosts.host("h1");
  }

  private Host host() {
    return world.cluster.get(Host.class, "", "h1").orElseThrow();
  }

  private void pass() {
    pass(action -> {});
  }

  private void pass(Consumer<Action> before) {
    new Loop<>(
            world.kind(),
            world.cluster,
            world.clock,
            (resource, action, work) -> {
              before.accept(action);
              work.run();
            })
        .reconcile(host());
  }
}
