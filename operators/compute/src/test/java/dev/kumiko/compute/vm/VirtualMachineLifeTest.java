package dev.kumiko.compute.vm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Kumiko;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.VirtualMachine.RunPolicy;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a running machine goes through: drift, silence, stop, restart, deletion. */
final class VirtualMachineLifeTest {
  @Test
  void aDomainDestroyedBehindOurBackIsStartedAgainInPlace() {
    MachineLife life = MachineLife.running();
    String host = life.host();
    life.world.hosts.host(host).powerOff(life.uid());
    life.settle();
    assertThat(life.guest(host).orElseThrow().state()).isEqualTo(GuestState.RUNNING);
    assertThat(life.starts()).isEqualTo(2);
    assertThat(life.host()).isEqualTo(host);
  }

  @Test
  void aDomainUndefinedBehindOurBackIsDefinedAgainWithoutARestart() {
    MachineLife life = MachineLife.running();
    life.world.hosts.host(life.host()).forgetDefinition(life.uid());
    life.settle();
    assertThat(life.guest(life.host()).orElseThrow().definition()).isPresent();
    assertThat(life.starts()).isEqualTo(1);
  }

  @Test
  void aDomainThatVanishedIsDefinedAndStartedAgain() {
    MachineLife life = MachineLife.running();
    life.world.hosts.host(life.host()).destroy(life.uid(), 1);
    life.world.hosts.host(life.host()).undefine(life.uid());
    life.settle();
    assertThat(life.guest(life.host()).orElseThrow().state()).isEqualTo(GuestState.RUNNING);
  }

  @Test
  void aPausedDomainOfTheRightEpochIsResumed() {
    MachineLife life = MachineLife.running();
    life.world.hosts.host(life.host()).become(life.uid(), GuestState.PAUSED);
    life.settle();
    assertThat(life.guest(life.host()).orElseThrow().state()).isEqualTo(GuestState.RUNNING);
    assertThat(life.starts()).isEqualTo(1);
  }

  @Test
  void aDomainOnAnotherHostThanThePlacementIsEnded() {
    MachineLife life = MachineLife.running();
    String other = life.host().equals("h1") ? "h2" : "h1";
    life.world
        .hosts
        .host(other)
        .define(life.guest(life.host()).orElseThrow().definition().orElseThrow());
    life.world.hosts.host(other).startPaused(life.uid());
    life.world.hosts.host(other).resume(life.uid(), 1);
    life.settle();
    assertThat(life.guest(other)).isEmpty();
    assertThat(life.guest(life.host()).orElseThrow().state()).isEqualTo(GuestState.RUNNING);
  }

  @Test
  void aMachineOnASilentHostIsUnknownAndNeverStartedElsewhere() {
    MachineLife life = MachineLife.running();
    String host = life.host();
    life.world.hosts.host(host).reachable(false);
    life.settle();
    assertThat(life.status().phase()).isEqualTo("Unknown");
    assertThat(ready(life).status()).isEqualTo("Unknown");
    assertThat(life.host()).isEqualTo(host);
    assertThat(life.starts()).isEqualTo(1);
    life.world.hosts.host(host).reachable(true);
    life.settle();
    assertThat(life.status().isReady()).isTrue();
    assertThat(life.starts()).isEqualTo(1);
  }

  @Test
  void aDeletedMachineOnASilentHostWaitsForItsReturn() {
    MachineLife life = MachineLife.running();
    String host = life.host();
    life.world.hosts.host(host).reachable(false);
    life.delete();
    life.settle();
    assertThat(life.world.latest()).isPresent();
    assertThat(life.world.cluster.list(Attachment.class)).hasSize(1);
    life.world.hosts.host(host).reachable(true);
    life.settle();
    assertThat(life.world.latest()).isEmpty();
    assertThat(life.world.hosts.host(host).guests()).isEmpty();
  }

  /** A namespace that is deleted loses its role bindings before its machines. */
  @Test
  void aDeletedMachineGoesAlsoWhenSecretsCanNoLongerBeRead() {
    MachineLife life = MachineLife.running();
    life.world.cluster.forbid(Secret.class);
    life.delete();
    life.settle();
    assertThat(life.world.latest()).isEmpty();
  }

  @Test
  void aStoppedMachineIsNowhereAndKeepsItsDisksAndAddresses() {
    MachineLife life = MachineLife.running();
    String host = life.host();
    life.runPolicy(RunPolicy.Stopped);
    life.settle();
    assertThat(life.status().phase()).isEqualTo("Stopped");
    assertThat(life.status().isReady()).isTrue();
    assertThat(life.status().placement()).isNull();
    assertThat(life.world.hosts.host(host).guests()).isEmpty();
    assertThat(life.world.cluster.list(Attachment.class)).isEmpty();
    assertThat(life.world.cluster.list(Volume.class)).hasSize(2);
    assertThat(life.world.cluster.list(Port.class))
        .singleElement()
        .satisfies(p -> assertThat(p.getSpec().hosts()).isEmpty());
  }

  @Test
  void aMachineIsAskedToPowerOffBeforeItIsEnded() {
    MachineLife life = MachineLife.running();
    life.runPolicy(RunPolicy.Stopped);
    life.settle();
    int asked = index(life, "ask the guest on host");
    int ended = index(life, "end the domain on host");
    assertThat(asked).isPositive();
    assertThat(ended).isGreaterThan(asked);
  }

  @Test
  void aGuestThatPowersOffInTimeIsNotEnded() {
    MachineLife life = MachineLife.running();
    life.runPolicy(RunPolicy.Stopped);
    life.pass();
    life.world.hosts.host(life.host()).powerOff(life.uid());
    life.settle();
    assertThat(life.done).noneMatch(d -> d.startsWith("end the domain"));
    assertThat(life.status().phase()).isEqualTo("Stopped");
  }

  private static int index(MachineLife life, String beginning) {
    return life.done.indexOf(
        life.done.stream().filter(d -> d.startsWith(beginning)).findFirst().orElse(""));
  }

  @Test
  void theAnnotationRestartsAGuestOnce() {
    MachineLife life = MachineLife.running();
    life.annotate(Kumiko.RESTARTED_AT, "2026-01-02T03:04:05Z");
    life.settle();
    assertThat(life.starts()).isEqualTo(2);
    assertThat(life.status().restartedAt()).isEqualTo("2026-01-02T03:04:05Z");
    life.settle();
    assertThat(life.starts()).isEqualTo(2);
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void aChangeThatARunningGuestCannotGetIsSaidAndMadeAtItsNextStart() {
    MachineLife life = MachineLife.running();
    assertThat(life.status().condition("RestartRequired")).isEmpty();
    life.withoutInterfaces();
    life.settle();
    assertThat(life.starts()).isEqualTo(1);
    assertThat(life.status().condition("RestartRequired").orElseThrow().message())
        .contains("kumiko.dev/restartedAt");
    assertThat(life.world.cluster.names()).contains("Port acme/web-eth0");
    life.world.hosts.host(life.host()).powerOff(life.uid());
    life.settle();
    assertThat(life.starts()).isEqualTo(2);
    assertThat(life.status().condition("RestartRequired")).isEmpty();
    assertThat(life.world.cluster.names()).doesNotContain("Port acme/web-eth0");
  }

  @Test
  void anotherSizeIsSaidAndGivenAtTheNextStart() {
    MachineLife life = MachineLife.running();
    life.resize(4, "1Gi");
    life.settle();
    assertThat(life.starts()).isEqualTo(1);
    assertThat(life.status().isReady()).isTrue();
    assertThat(life.status().vcpus()).isEqualTo(2);
    assertThat(life.status().condition("RestartRequired")).isPresent();
    life.annotate(Kumiko.RESTARTED_AT, "2026-01-02T03:04:05Z");
    life.settle();
    life.settle();
    assertThat(life.starts()).isEqualTo(2);
    assertThat(life.status().vcpus()).isEqualTo(4);
    assertThat(life.status().memory()).isEqualTo("1Gi");
    assertThat(life.guest(life.host()).orElseThrow().definition().orElseThrow().hardware().vcpus())
        .isEqualTo(4);
    assertThat(life.status().condition("RestartRequired")).isEmpty();
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void aSizeThatFitsNowhereIsSaidWhenTheGuestHasEnded() {
    MachineLife life = MachineLife.running();
    life.resize(4000, "1Gi");
    life.settle();
    assertThat(life.status().isReady()).isTrue();
    life.world.hosts.host(life.host()).powerOff(life.uid());
    life.settle();
    assertThat(life.status().condition(Condition.READY).orElseThrow().reason())
        .isEqualTo("NoHostFits");
  }

  @Test
  void aSecretThatMadeTheSeedIsNotMissedAfterwards() {
    VirtualMachine.CloudInit cloudInit =
        new VirtualMachine.CloudInit(null, "mine", null, List.of());
    MachineLife life = new MachineLife(new World(World.machine("web", cloudInit)));
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(World.TENANT)
            .withName("mine")
            .endMetadata()
            .withData(Map.of("user-data", "I2Nsb3VkLWNvbmZpZwo="))
            .build();
    life.world.cluster.create(life.world.resource());
    life.settle();
    assertThat(life.status().condition(Condition.READY).orElseThrow().reason())
        .isEqualTo("SecretNotFound");
    life.world.cluster.create(secret);
    life.settle();
    assertThat(life.starts()).isEqualTo(1);
    life.world.cluster.delete(secret);
    life.runPolicy(RunPolicy.Stopped);
    life.pass();
    life.world.hosts.host(life.host()).powerOff(life.uid());
    life.settle();
    life.runPolicy(RunPolicy.Always);
    life.settle();
    assertThat(life.starts()).isEqualTo(2);
  }

  @Test
  void aGrownDiskIsTold() {
    MachineLife life = MachineLife.running();
    Volume volume = life.world.cluster.get(Volume.class, World.TENANT, "web-root").orElseThrow();
    Volume.Status s = volume.observed();
    volume.setStatus(
        new Volume.Status(
            2L,
            s.conditions(),
            List.of(),
            List.of(),
            "2Gi",
            2L << 30,
            s.image(),
            "id",
            null,
            null));
    life.world.cluster.updateStatus(volume);
    life.settle();
    assertThat(life.guest(life.host()).orElseThrow().diskBytes()).containsEntry("vda", 2L << 30);
    assertThat(life.starts()).isEqualTo(1);
  }

  @Test
  void aHostThatForgotItsSecretsGetsThemBeforeTheNextStart() {
    MachineLife life = MachineLife.running();
    life.world.hosts.host(life.host()).forgetSecrets();
    life.world.hosts.host(life.host()).powerOff(life.uid());
    life.settle();
    assertThat(life.done.stream().filter(d -> d.startsWith("give host"))).hasSize(2);
    assertThat(life.status().isReady()).isTrue();
  }

  /** Somebody may have opened the disk meanwhile: storage looks anew before each start. */
  @Test
  void aGuestThatEndedIsNotStartedOnTheGrantOfItsFormerLife() {
    MachineLife life = MachineLife.running();
    life.world.storageAnswers = false;
    life.world.hosts.host(life.host()).powerOff(life.uid());
    life.settle();
    assertThat(life.starts()).isEqualTo(1);
    assertThat(Objects.requireNonNull(life.status().placement()).epoch()).isEqualTo(2);
    life.world.storageAnswers = true;
    life.settle();
    assertThat(life.starts()).isEqualTo(2);
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void aMachineThatAsksForAnotherProcessorRunsWhereThatIsAfterItsNextStart() {
    MachineLife life = MachineLife.running();
    assertThat(life.host()).isEqualTo("h1");
    life.cpuModel("Skylake-Server-v4");
    life.settle();
    assertThat(life.host()).isEqualTo("h1");
    assertThat(life.status().condition("RestartRequired")).isPresent();
    life.runPolicy(VirtualMachine.RunPolicy.Stopped);
    life.settle();
    life.runPolicy(VirtualMachine.RunPolicy.Always);
    life.settle();
    assertThat(life.host()).isEqualTo("h2");
    assertThat(life.status().cpuModel()).isEqualTo("Skylake-Server-v4");
    assertThat(life.status().condition("RestartRequired")).isEmpty();
  }

  @Test
  void aProcessorThatNoHostCanRunIsCountedAsThat() {
    World world = new World();
    MachineLife life = new MachineLife(world);
    world.cluster.create(world.resource());
    life.cpuModel("EPYC-Genoa");
    life.settle();
    assertThat(ready(life).reason()).isEqualTo("NoHostFits");
    assertThat(ready(life).message()).contains("2 hosts: 2 CpuModelMissing");
  }

  /** Its user did. */
  @Test
  void aVolumeThatWasGrownBeyondItsTemplateIsLeftSo() {
    MachineLife life = MachineLife.running();
    Volume grown = life.world.cluster.get(Volume.class, World.TENANT, "web-root").orElseThrow();
    grown.setSpec(
        new Volume.Spec(
            grown.getSpec().pool(),
            "2Gi",
            grown.getSpec().source(),
            grown.getSpec().deletionPolicy()));
    life.world.cluster.apply(grown);
    life.settle();
    assertThat(
            life.world
                .cluster
                .get(Volume.class, World.TENANT, "web-root")
                .orElseThrow()
                .getSpec()
                .size())
        .isEqualTo("2Gi");
    assertThat(life.done).noneMatch(action -> action.startsWith("update Volume"));
  }

  @Test
  void aGuestThatEndsAgainAndAgainIsStartedEverMoreSlowly() {
    MachineLife life = MachineLife.running();
    for (int i = 0; i < 6; i++) {
      life.world.hosts.host(life.host()).powerOff(life.uid());
      life.pass();
      life.world.storage();
      life.pass();
    }
    assertThat(life.starts()).isEqualTo(2);
    life.settle();
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void aDeletedMachineLeavesOnlyWhatIsToBeRetained() {
    World world = new World(retaining());
    MachineLife life = new MachineLife(world);
    world.cluster.create(world.resource());
    life.settle();
    life.delete();
    life.settle();
    assertThat(world.latest()).isEmpty();
    assertThat(world.cluster.list(Volume.class))
        .extracting(ObjectKey::of)
        .containsExactly(new ObjectKey(World.TENANT, "web-root"));
    assertThat(world.cluster.list(Port.class)).isEmpty();
    assertThat(world.cluster.list(Attachment.class)).isEmpty();
  }

  private static VirtualMachine retaining() {
    VirtualMachine machine = World.machine("web");
    VirtualMachine.Spec s = machine.getSpec();
    machine.setSpec(
        new VirtualMachine.Spec(
            s.runPolicy(),
            s.instanceType(),
            s.vcpus(),
            s.memory(),
            s.cpuModel(),
            List.of(
                new VirtualMachine.Disk(
                    "root",
                    null,
                    new VirtualMachine.VolumeTemplate(
                        "fast", "1Gi", "tiny", null, Volume.DeletionPolicy.Retain))),
            s.interfaces(),
            s.cloudInit(),
            s.placement(),
            null,
            null));
    return machine;
  }

  private static Condition ready(MachineLife life) {
    return life.status().condition(Condition.READY).orElseThrow();
  }
}
