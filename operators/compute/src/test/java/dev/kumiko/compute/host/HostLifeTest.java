package dev.kumiko.compute.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.Loop;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
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
    world.cluster.delete(machine);
    pass();
    assertThat(world.cluster.get(Host.class, "", "h1")).isEmpty();
    assertThat(world.hosts.find("h1")).isEmpty();
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
            List.of(new VirtualMachine.Disk("root", "disk", null)),
            List.of(),
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
            1L));
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

  private void create() {
    world.cluster.create(world.resource());
  }

  private Host host() {
    return world.cluster.get(Host.class, "", "h1").orElseThrow();
  }

  private Host.Status pass() {
    world.cluster.addFinalizer(host());
    Loop.Outcome<Host> outcome =
        new Loop<>(
                new HostKind(world.cluster, world.hosts, HostWorld.SYSTEM),
                world.cluster,
                InstantSource.system(),
                (resource, action, work) -> work.run())
            .reconcile(host());
    if (outcome.released()) {
      world.cluster.removeFinalizer(outcome.resource());
    }
    return outcome.resource().observed();
  }

  private static Condition ready(Host.Status status) {
    return status.condition(Condition.READY).orElseThrow();
  }
}
