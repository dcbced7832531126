package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A machine in a world, pass by pass. */
final class MachineLife {
  final World world;
  final List<String> done = new ArrayList<>();
  private final VirtualMachineKind kind;

  MachineLife(World world) {
    this.world = world;
    this.kind = (VirtualMachineKind) world.kind();
  }

  static MachineLife running() {
    return settled(new World());
  }

  private static MachineLife settled(World world) {
    MachineLife life = new MachineLife(world);
    world.cluster.create(world.resource());
    life.settle();
    return life;
  }

  static MachineLife withoutDisks() {
    VirtualMachine machine = World.machine("web", null);
    VirtualMachine.Spec s = machine.getSpec();
    machine.setSpec(
        new VirtualMachine.Spec(
            s.runPolicy(),
            s.instanceType(),
            s.vcpus(),
            s.memory(),
            s.cpuModel(),
            List.of(),
            s.interfaces(),
            s.cloudInit(),
            s.placement(),
            s.readiness(),
            s.recovery()));
    return settled(new World(machine));
  }

  VirtualMachine machine() {
    return world.latest().orElseThrow();
  }

  VirtualMachine.Status status() {
    return machine().observed();
  }

  UUID uid() {
    return UUID.fromString(machine().getMetadata().getUid());
  }

  /** The host that it is placed on. */
  String host() {
    return Optional.ofNullable(status().placement()).orElseThrow().host();
  }

  Optional<Guest> guest(String host) {
    return world.hosts.host(host).guests().stream().filter(g -> g.uuid().equals(uid())).findFirst();
  }

  int starts() {
    return List.of("h1", "h2").stream().mapToInt(h -> world.hosts.host(h).starts(uid())).sum();
  }

  /** The user edits the spec. */
  void edit(UnaryOperator<VirtualMachine.Spec> change) {
    VirtualMachine edited = machine();
    edited.setSpec(change.apply(edited.getSpec()));
    world.cluster.apply(edited);
  }

  void annotate(String name, String value) {
    VirtualMachine edited = machine();
    edited.getMetadata().setAnnotations(java.util.Map.of(name, value));
    world.cluster.apply(edited);
  }

  void runPolicy(VirtualMachine.RunPolicy policy) {
    edit(s ->
        new VirtualMachine.Spec(
            policy,
            s.instanceType(),
            s.vcpus(),
            s.memory(),
            s.cpuModel(),
            s.disks(),
            s.interfaces(),
            s.cloudInit(),
            s.placement(),
            s.readiness(),
            s.recovery()));
  }

  void resize(int vcpus, String memory) {
    edit(s ->
        new VirtualMachine.Spec(
            s.runPolicy(),
            null,
            vcpus,
            memory,
            s.cpuModel(),
            s.disks(),
            s.interfaces(),
            s.cloudInit(),
            s.placement(),
            s.readiness(),
            s.recovery()));
  }

  void cpuModel(String model) {
    edit(s ->
        new VirtualMachine.Spec(
            s.runPolicy(),
            s.instanceType(),
            s.vcpus(),
            s.memory(),
            model,
            s.disks(),
            s.interfaces(),
            s.cloudInit(),
            s.placement(),
            s.readiness(),
            s.recovery()));
  }

  void withoutInterfaces() {
    edit(s ->
        new VirtualMachine.Spec(
            s.runPolicy(),
            s.instanceType(),
            s.vcpus(),
            s.memory(),
            s.cpuModel(),
            s.disks(),
            List.of(),
            s.cloudInit(),
            s.placement(),
            null,
            s.recovery()));
  }

  void delete() {
    world.cluster.delete(machine());
  }

  /** Enough passes for anything that does not wait for somebody. */
  void settle() {
    for (int i = 0; i < 12; i++) {
      pass();
      world.neighbours();
    }
  }

  void pass() {
    world.latest().ifPresent(world.cluster::addFinalizer);
    world.latest().ifPresent(this::pass);
  }

  private void pass(VirtualMachine machine) {
    try {
      Loop.Outcome<VirtualMachine> outcome =
          new Loop<>(kind, world.cluster, world.clock, this::journal).reconcile(machine);
      if (outcome.released()) {
        world.cluster.removeFinalizer(outcome.resource());
      }
    } catch (Conflict e) {
      done.add("conflict: " + e.getMessage());
    }
  }

  /** Called before each action is done. */
  Consumer<Action> before = action -> {};

  private void journal(Object resource, Action action, Runnable work) {
    before.accept(action);
    work.run();
    done.add(action.describe());
  }
}
