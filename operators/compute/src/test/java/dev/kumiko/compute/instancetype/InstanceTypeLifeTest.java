package dev.kumiko.compute.instancetype;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.Loop;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.InstanceType;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class InstanceTypeLifeTest {
  private final InstanceTypeWorld world = new InstanceTypeWorld();

  @Test
  void itStaysAsLongAsAMachineNamesIt() {
    world.cluster.create(world.resource());
    pass();
    assertThat(latest().orElseThrow().observed().isReady()).isTrue();
    world.cluster.create(machine("web", "small"));
    world.cluster.create(machine("other", "large"));
    world.cluster.delete(latest().orElseThrow());
    pass();
    InstanceType.Status held = latest().orElseThrow().observed();
    assertThat(held.condition("Ready").map(Condition::reason)).contains("InUse");
    assertThat(held.condition("Ready").map(Condition::message).orElseThrow())
        .contains("still name it: 1;")
        .as("every tenant reads it")
        .doesNotContain("web");
    world.cluster.delete(world.cluster.get(VirtualMachine.class, "acme", "web").orElseThrow());
    assertThat(wokenByAMachine()).containsExactly(new ObjectKey("", "small"));
    pass();
    assertThat(latest()).isEmpty();
  }

  @Test
  void machinesWakeOnlyWhatIsToGo() {
    world.cluster.create(world.resource());
    pass();
    assertThat(wokenByAMachine()).isEmpty();
  }

  private List<ObjectKey> wokenByAMachine() {
    return new InstanceTypeKind(world.cluster)
        .watches().stream()
            .flatMap(watch -> affects(watch, machine("web", "small")).stream())
            .toList();
  }

  private static <T extends HasMetadata> Collection<ObjectKey> affects(
      Watch<T> watch, VirtualMachine machine) {
    return watch.affects().apply(watch.type().cast(machine));
  }

  private void pass() {
    world.cluster.addFinalizer(latest().orElseThrow());
    Loop.Outcome<InstanceType> outcome =
        new Loop<>(
                new InstanceTypeKind(world.cluster),
                world.cluster,
                InstantSource.system(),
                (resource, action, work) -> work.run())
            .reconcile(latest().orElseThrow());
    if (outcome.released()) {
      world.cluster.removeFinalizer(outcome.resource());
    }
  }

  private Optional<InstanceType> latest() {
    return world.cluster.get(InstanceType.class, "", "small");
  }

  private static VirtualMachine machine(String name, String type) {
    VirtualMachine machine = new VirtualMachine();
    machine.setMetadata(new ObjectMetaBuilder().withNamespace("acme").withName(name).build());
    machine.setSpec(
        new VirtualMachine.Spec(
            VirtualMachine.RunPolicy.Always,
            type,
            null,
            null,
            null,
            List.of(new VirtualMachine.Disk("root", "disk", null)),
            List.of(),
            null,
            null,
            null,
            null));
    return machine;
  }
}
