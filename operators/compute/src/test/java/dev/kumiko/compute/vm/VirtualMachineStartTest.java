package dev.kumiko.compute.vm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.VirtualMachine.RunPolicy;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How a machine comes to run, in a world whose storage and network answer. */
final class VirtualMachineStartTest {
  @Test
  void aMachineRunsWithItsDisksAndPortsAndSaysWhere() {
    MachineLife life = MachineLife.running();
    VirtualMachine.Status status = life.status();
    assertThat(status.phase()).isEqualTo("Running");
    assertThat(status.isReady()).isTrue();
    assertThat(status.addresses()).containsExactly("10.1.1.10");
    assertThat(status.vcpus()).isEqualTo(2);
    assertThat(status.memory()).isEqualTo("512Mi");
    assertThat(status.domain()).startsWith("acme.web.");
    Guest guest = life.guest(life.host()).orElseThrow();
    assertThat(guest.state()).isEqualTo(GuestState.RUNNING);
    assertThat(guest.definition().orElseThrow().disks()).hasSize(2);
    assertThat(guest.definition().orElseThrow().nics()).hasSize(1);
  }

  @Test
  void aMachineIsReadyOnlyWhenItsGuestWasHeardAndHadAMoment() {
    MachineLife life = new MachineLife(new World());
    List.of("h1", "h2").forEach(h -> life.world.hosts.host(h).guestsSpeak(false));
    life.world.cluster.create(life.world.resource());
    life.settle();
    assertThat(life.status().phase()).isEqualTo("Running");
    assertThat(ready(life).reason()).isEqualTo("Booting");
    List.of("h1", "h2").forEach(h -> life.world.hosts.host(h).guestsSpeak(true));
    life.pass();
    assertThat(life.status().isReady()).isFalse();
    life.settle();
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void aMachineWithAProbeIsReadyWhenThatAnswers() {
    VirtualMachine probed = World.machine("web");
    probed.setSpec(World.with(probed.getSpec(), new VirtualMachine.ReadinessProbe(8080, null)));
    MachineLife life = new MachineLife(new World(probed));
    life.world.guestsAnswer = false;
    life.world.cluster.create(life.world.resource());
    life.settle();
    assertThat(life.status().phase()).isEqualTo("Running");
    assertThat(ready(life).reason()).isEqualTo("Booting");
    life.world.guestsAnswer = true;
    life.settle();
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void aGuestThatNeverSaysAnythingIsNeverReady() {
    MachineLife life = new MachineLife(new World());
    List.of("h1", "h2").forEach(h -> life.world.hosts.host(h).guestsSpeak(false));
    life.world.cluster.create(life.world.resource());
    life.settle();
    life.world.clock.turn(java.time.Duration.ofDays(3));
    life.settle();
    assertThat(life.status().condition(Condition.READY).orElseThrow().message())
        .contains("has sent nothing yet");
  }

  @Test
  void aHostThatCannotStartItIsNamedWithItsReasonUntilItCan() {
    MachineLife life = new MachineLife(new World());
    List.of("h1", "h2").forEach(h -> life.world.hosts.host(h).refuseStarts(true));
    life.world.cluster.create(life.world.resource());
    life.settle();
    life.world.clock.turn(java.time.Duration.ofSeconds(1));
    life.settle();
    assertThat(ready(life).reason()).isEqualTo("StartFailed");
    assertThat(ready(life).message()).contains("no room in /var", life.host());
    List.of("h1", "h2").forEach(h -> life.world.hosts.host(h).refuseStarts(false));
    life.world.clock.turn(java.time.Duration.ofMinutes(5));
    life.settle();
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void aStartCostsFewWrites() {
    MachineLife life = new MachineLife(new World(World.machine("web", null)));
    long before = life.world.cluster.writes();
    life.world.cluster.create(life.world.resource());
    life.settle();
    assertThat(life.status().isReady()).isTrue();
    // Created and finalizer; placed; Volume, Port, Attachment made and answered; running; ready.
    assertThat(life.world.cluster.writes() - before).isLessThanOrEqualTo(11);
  }

  @Test
  void nothingIsStartedBeforeTheDisksAreGranted() {
    MachineLife life = new MachineLife(new World());
    life.world.storageAnswers = false;
    life.world.cluster.create(life.world.resource());
    life.settle();
    assertThat(life.starts()).isZero();
    assertThat(life.status().waitingFor()).extracting(w -> w.kind()).contains("Volume");
    life.world.storageAnswers = true;
    life.settle();
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void aGuestStandsStillUntilItsPortsAreProgrammedForWhatTheyAskNow() {
    MachineLife life = MachineLife.running();
    life.world.networkAnswers = false;
    life.runPolicy(RunPolicy.Stopped);
    life.settle();
    life.runPolicy(RunPolicy.Always);
    life.settle();
    assertThat(life.guest(life.host()).orElseThrow().state()).isEqualTo(GuestState.PAUSED);
    assertThat(life.status().isReady()).isFalse();
    assertThat(life.status().waitingFor()).extracting(w -> w.kind()).containsExactly("Port");
    life.world.networkAnswers = true;
    life.settle();
    assertThat(life.guest(life.host()).orElseThrow().state()).isEqualTo(GuestState.RUNNING);
  }

  @Test
  void aResumeIsProvenByAFreshReadOfThePlacement() {
    MachineLife life = new MachineLife(new World());
    life.world.cluster.create(life.world.resource());
    life.before =
        action -> {
          if (action instanceof VirtualMachineAction.Resume) {
            moveElsewhere(life);
          }
        };
    life.settle();
    assertThat(life.done).anyMatch(d -> d.startsWith("conflict: the machine is not placed on"));
    assertThat(life.world.hosts.host("h1").guests())
        .noneMatch(g -> g.state() == GuestState.RUNNING);
  }

  @Test
  void aResumeIsProvenByAFreshReadOfTheGrant() {
    assertNotResumedAfter(
        life -> {
          Attachment grant =
              life.world.cluster.get(Attachment.class, "acme", "web-root").orElseThrow();
          Attachment.Status s = grant.observed();
          grant.setStatus(
              new Attachment.Status(
                  s.observedGeneration(),
                  s.conditions(),
                  s.waitingFor(),
                  s.plan(),
                  List.of(),
                  null,
                  null));
          life.world.cluster.updateStatus(grant);
        },
        "conflict: Volume web-root is not granted for h1 at epoch 1");
  }

  @Test
  void aResumeIsProvenByAFreshReadOfThePort() {
    assertNotResumedAfter(
        life -> {
          Port port = life.world.cluster.get(Port.class, "acme", "web-eth0").orElseThrow();
          port.setStatus(null);
          life.world.cluster.updateStatus(port);
        },
        "conflict: Port web-eth0 is not programmed on h1 at epoch 1");
  }

  @Test
  void whoHasLostTheLeaseResumesNothing() {
    assertNotResumedAfter(
        life -> life.world.leads = false, "conflict: this process may not start guests");
  }

  private static void assertNotResumedAfter(Consumer<MachineLife> change, String conflict) {
    MachineLife life = new MachineLife(new World());
    life.world.cluster.create(life.world.resource());
    AtomicBoolean changed = new AtomicBoolean();
    life.before =
        action -> {
          if (action instanceof VirtualMachineAction.Resume && !changed.getAndSet(true)) {
            change.accept(life);
          }
        };
    life.settle();
    assertThat(life.done).anyMatch(d -> d.startsWith(conflict));
  }

  /** As another leader would. */
  private static void moveElsewhere(MachineLife life) {
    VirtualMachine machine = life.machine();
    VirtualMachine.Status s = machine.observed();
    machine.setStatus(
        new VirtualMachine.Status(
            s.observedGeneration(),
            s.conditions(),
            s.waitingFor(),
            s.plan(),
            s.phase(),
            new VirtualMachine.Placed("h2", 9L),
            s.addresses(),
            s.vcpus(),
            s.memory(),
            s.cpuModel(),
            s.domain(),
            s.consoleLog(),
            s.restartedAt(),
            9L,
            null));
    life.world.cluster.updateStatus(machine);
  }

  @Test
  void aMachineThatIsStartedAgainGetsAHigherEpoch() {
    MachineLife life = MachineLife.running();
    life.runPolicy(RunPolicy.Stopped);
    life.settle();
    life.runPolicy(RunPolicy.Always);
    life.settle();
    assertThat(life.status().isReady()).isTrue();
    assertThat(Objects.requireNonNull(life.status().placement()).epoch()).isEqualTo(2);
  }

  @Test
  void aForeignDomainWithItsNameIsReportedAndNotTouched() {
    MachineLife life = new MachineLife(new World());
    life.world.cluster.create(life.world.resource());
    String domain = "acme.web." + life.uid().toString().substring(0, 8);
    UUID theirs = new UUID(1, 1);
    List.of("h1", "h2").forEach(h -> life.world.hosts.host(h).plantForeign(theirs, domain));
    life.settle();
    assertThat(ready(life).reason()).isEqualTo("ForeignDomain");
    assertThat(ready(life).message()).contains(domain);
    assertThat(life.starts()).isZero();
    List.of("h1", "h2").forEach(h -> life.world.hosts.host(h).removeForeign(theirs));
    life.settle();
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void aVolumeThatSomebodyElseMadeUnderOurNameIsNotUsed() {
    MachineLife life = new MachineLife(new World());
    Volume theirs = new Volume();
    theirs.setMetadata(
        new io.fabric8.kubernetes.api.model.ObjectMetaBuilder()
            .withNamespace(World.TENANT)
            .withName("web-root")
            .build());
    theirs.setSpec(new Volume.Spec("fast", "5Gi", null, Volume.DeletionPolicy.Retain));
    life.world.cluster.create(theirs);
    life.world.cluster.create(life.world.resource());
    life.settle();
    assertThat(life.starts()).isZero();
    assertThat(ready(life).reason()).isEqualTo("NameTaken");
    assertThat(life.world.cluster.list(Attachment.class)).isEmpty();
    life.delete();
    life.settle();
    assertThat(life.world.cluster.get(Volume.class, World.TENANT, "web-root")).isPresent();
  }

  @Test
  void aMachineThatFitsNowhereSaysWhyAndGoesOnWhenThereIsRoom() {
    World world = new World();
    List.of("h1", "h2")
        .forEach(h -> {
          dev.kumiko.v1alpha1.Host host = World.host(h, 1, "16Gi");
          world.cluster.apply(host);
          world.status(host);
        });
    MachineLife life = new MachineLife(world);
    world.cluster.create(world.resource());
    life.settle();
    assertThat(life.status().phase()).isEqualTo("Pending");
    assertThat(ready(life).message()).startsWith("2 hosts: 2 InsufficientVcpus: ");
    dev.kumiko.v1alpha1.Host larger = World.host("h2", 4, "16Gi");
    world.cluster.apply(larger);
    world.status(larger);
    life.settle();
    assertThat(life.host()).isEqualTo("h2");
    assertThat(life.status().isReady()).isTrue();
  }

  @Test
  void machinesThatAreDecidedAtTheSameTimeSpread() {
    MachineLife life = new MachineLife(new World());
    life.world.cluster.create(life.world.resource());
    life.before =
        action -> {
          if (action instanceof VirtualMachineAction.Place place && place.host().equals("h1")) {
            placeAnotherOn(life, "h1");
          }
        };
    life.settle();
    assertThat(life.host()).isEqualTo("h2");
  }

  private static void placeAnotherOn(MachineLife life, String host) {
    VirtualMachine other = World.machine("other");
    life.world.cluster.create(other);
    life.world.place("other", host);
  }

  @Test
  void theSeedCarriesNameAndKeysAndNoActionNamesItsContent() {
    MachineLife life = MachineLife.running();
    Secret seed =
        life.world.cluster.get(Secret.class, World.TENANT, "web-cloud-init").orElseThrow();
    assertThat(seed.getStringData().get("meta-data"))
        .contains("instance-id: " + life.uid(), "local-hostname: \"web\"");
    assertThat(seed.getStringData().get("user-data"))
        .startsWith("#cloud-config\n")
        .contains("- \"ssh-ed25519 AAAA me\"");
    assertThat(life.done).noneMatch(d -> d.contains("AAAA"));
  }

  @Test
  void aSecretThatSomebodyElseMadeUnderOurNameIsNotHandedToAGuest() {
    MachineLife life = new MachineLife(new World());
    life.world.cluster.create(
        new io.fabric8.kubernetes.api.model.SecretBuilder()
            .withNewMetadata()
            .withNamespace(World.TENANT)
            .withName("web-cloud-init")
            .endMetadata()
            .build());
    life.world.cluster.create(life.world.resource());
    life.settle();
    assertThat(ready(life).reason()).isEqualTo("NameTaken");
    assertThat(life.starts()).isZero();
    assertThat(life.world.cluster.list(Volume.class)).hasSize(1);
  }

  private static Condition ready(MachineLife life) {
    return life.status().condition(Condition.READY).orElseThrow();
  }
}
