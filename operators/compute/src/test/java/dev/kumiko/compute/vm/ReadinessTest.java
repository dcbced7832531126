package dev.kumiko.compute.vm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.VirtualMachine.ReadinessProbe;
import dev.kumiko.v1alpha1.WaitingFor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a machine that must answer on a TCP port counts as Ready. */
final class ReadinessTest {
  private static final Duration PAST_ECHOES = Duration.ofSeconds(10);

  @Test
  void theFirstInterfaceIsAskedUnlessAnotherIsNamed() {
    MachineLife life = started(new ReadinessProbe(22, null), "eth0", "eth1");
    assertThat(probe(life, "web-eth0")).hasValue(22);
    assertThat(probe(life, "web-eth1")).isEmpty();

    life.edit(spec -> World.with(spec, new ReadinessProbe(443, "eth1")));
    life.settle();
    assertThat(probe(life, "web-eth0")).isEmpty();
    assertThat(probe(life, "web-eth1")).hasValue(443);
  }

  @Test
  void aBootingMachineSaysWhichAddressDoesNotAnswerYet() {
    MachineLife life = started(new ReadinessProbe(22, null), "eth0");
    assertThat(life.status().phase()).isEqualTo("Running");
    assertThat(ready(life).reason()).isEqualTo("Booting");
    assertThat(ready(life).message()).contains("the guest does not answer on 10.1.1.10:22 yet");
    assertThat(life.status().waitingFor())
        .extracting(WaitingFor::kind, WaitingFor::name)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("Port", "web-eth0"));
  }

  @Test
  void aMachineThatAnsweredAndDoesNotAnyMoreIsNotReady() {
    MachineLife life = answering();
    answer(life, false);
    life.pass();
    assertThat(ready(life).reason()).isEqualTo("NotAnswering");
    assertThat(ready(life).message()).contains("10.1.1.10:22 any more");
    answer(life, true);
    life.pass();
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void aNewOperatorKnowsWhoHadAnswered() {
    MachineLife life = answering();
    answer(life, false);
    MachineLife next = new MachineLife(life.world);
    next.pass();
    assertThat(ready(next).reason()).isEqualTo("NotAnswering");
    MachineLife third = new MachineLife(life.world);
    third.pass();
    assertThat(ready(third).reason()).isEqualTo("NotAnswering");
    answer(third, true);
    third.pass();
    assertThat(third.status().isReady()).isTrue();
  }

  @Test
  void theAnswerOfTheGuestBeforeDoesNotCount() {
    MachineLife life = answering();
    restart(life);
    assertThat(life.status().phase()).isEqualTo("Running");
    assertThat(ready(life).reason()).isEqualTo("Booting");

    answer(life, false);
    life.pass();
    assertThat(ready(life).reason()).isEqualTo("Booting");
    answer(life, true);
    life.pass();
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void anAnswerCountsWhenItCannotBeThatOld() {
    MachineLife life = answering();
    restart(life);
    life.world.clock.turn(PAST_ECHOES.minusMillis(1));
    life.pass();
    assertThat(ready(life).reason()).isEqualTo("Booting");
    life.world.clock.turn(Duration.ofMillis(1));
    life.pass();
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void theAnswerToAnOlderQuestionDoesNotCount() {
    MachineLife life = answering();
    life.edit(spec -> World.with(spec, new ReadinessProbe(80, null)));
    life.pass();
    assertThat(probe(life, "web-eth0")).hasValue(80);
    assertThat(life.status().isReady()).isFalse();
    life.world.neighbours();
    life.pass();
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void whileNothingChangesNothingIsWritten() {
    MachineLife life = answering();
    answer(life, false);
    life.pass();
    long before = life.world.cluster.writes();
    life.settle();
    assertThat(life.world.cluster.writes()).isEqualTo(before);
  }

  /** Powered off and started again before the network has noticed. */
  private static void restart(MachineLife life) {
    life.world.hosts.host(life.host()).powerOff(life.uid());
    life.pass();
    life.world.storage();
    life.pass();
    assertThat(life.starts()).isEqualTo(2);
  }

  private static void answer(MachineLife life, boolean yes) {
    life.world.guestsAnswer = yes;
    life.world.neighbours();
  }

  private static MachineLife answering() {
    MachineLife life = started(new ReadinessProbe(22, null), "eth0");
    life.world.guestsAnswer = true;
    life.settle();
    assertThat(life.status().isReady()).isTrue();
    return life;
  }

  /** Running, and without an answer so far. */
  private static MachineLife started(ReadinessProbe readiness, String... interfaces) {
    VirtualMachine machine = World.machine("web");
    VirtualMachine.Spec spec = machine.getSpec();
    machine.setSpec(
        new VirtualMachine.Spec(
            spec.runPolicy(),
            spec.instanceType(),
            spec.vcpus(),
            spec.memory(),
            spec.cpuModel(),
            spec.disks(),
            List.of(interfaces).stream()
                .map(name -> new VirtualMachine.Interface(name, "front", null, null))
                .toList(),
            spec.cloudInit(),
            spec.placement(),
            readiness,
            null));
    MachineLife life = new MachineLife(new World(machine));
    life.world.guestsAnswer = false;
    life.world.cluster.create(life.world.resource());
    life.settle();
    return life;
  }

  private static Optional<Integer> probe(MachineLife life, String port) {
    return life.world
        .cluster
        .get(Port.class, World.TENANT, port)
        .flatMap(p -> Optional.ofNullable(p.getSpec().probe()))
        .map(Port.Probe::tcpPort);
  }

  private static Condition ready(MachineLife life) {
    return life.status().condition(Condition.READY).orElseThrow();
  }
}
