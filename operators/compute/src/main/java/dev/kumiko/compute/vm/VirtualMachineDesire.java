package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.placement.Amount;
import dev.kumiko.compute.placement.Promises;
import dev.kumiko.compute.placement.Sizes;
import dev.kumiko.compute.vm.DesiredVirtualMachine.DiskAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Identity;
import dev.kumiko.compute.vm.DesiredVirtualMachine.NicAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Processing;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Wish;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Shutdown;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.InstanceType;
import dev.kumiko.v1alpha1.Kumiko;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** What a machine asks for, its references resolved. */
final class VirtualMachineDesire {
  private final Cluster cluster;
  private final Sight sight;
  private final Tempo tempo;
  private final Recoveries recoveries;

  VirtualMachineDesire(Cluster cluster, Sight sight, Tempo tempo, Recoveries recoveries) {
    this.cluster = cluster;
    this.sight = sight;
    this.tempo = tempo;
    this.recoveries = recoveries;
  }

  Desired<DesiredVirtualMachine> of(VirtualMachine machine) {
    if (machine.getMetadata().getDeletionTimestamp() != null) {
      DesiredVirtualMachine desired = unblocked(machine);
      List<Wait> waits = isMoving(desired) || isElsewhere(desired) ? List.of() : leaving(desired);
      return waits.isEmpty() ? new Desired.Absent<>(desired) : new Desired.Blocked<>(waits);
    }
    Wish wish =
        switch (machine.getSpec().runPolicy()) {
          case Always -> Wish.RUN;
          case Stopped -> Wish.STOP;
        };
    Optional<Wait> secret = missingSecret(machine).filter(_ -> !isMoving(unblocked(machine)));
    if (wish == Wish.RUN && secret.isPresent()) {
      return Desired.blockedOn(secret.get());
    }
    if (wish == Wish.RUN && promised(machine).or(() -> wanted(machine)).isEmpty()) {
      return Desired.blockedOn(
          Wait.missing("InstanceType", String.valueOf(machine.getSpec().instanceType())));
    }
    return new Desired.Present<>(desired(machine, wish));
  }

  private boolean isElsewhere(DesiredVirtualMachine desired) {
    return !sight.strays(desired.place(), desired.identity().uid()).isEmpty();
  }

  private boolean isMoving(DesiredVirtualMachine desired) {
    return sight.transit(desired.place(), desired.identity()).isPresent();
  }

  /** The user's Secret is read when the seed is made, and not after. */
  private Optional<Wait> missingSecret(VirtualMachine machine) {
    String namespace = machine.getMetadata().getNamespace();
    String seed = DesiredVirtualMachine.seedVolume(machine.getMetadata().getName());
    return cluster.get(Volume.class, namespace, seed).isPresent()
        ? Optional.empty()
        : Optional.ofNullable(machine.getSpec().cloudInit())
            .flatMap(c -> Optional.ofNullable(c.secretName()))
            .filter(name -> cluster.get(Secret.class, namespace, name).isEmpty())
            .map(name -> Wait.missing("Secret", name));
  }

  /** What a machine asks for, whatever it waits for. */
  DesiredVirtualMachine unblocked(VirtualMachine machine) {
    return desired(machine, Wish.STOP);
  }

  /** A deletion goes on when the guest has ended, and then when what it had is gone. */
  private List<Wait> leaving(DesiredVirtualMachine desired) {
    UUID uid = desired.identity().uid();
    Optional<Guest> active =
        desired
            .place()
            .flatMap(place -> sight.guest(place.host(), uid))
            .filter(g -> g.isOurs() && g.state().isActive());
    if (active.isEmpty()) {
      return sight.leaving(desired);
    }
    return tempo.shutdown(uid) == Shutdown.ASKED
        ? List.of(
            new Wait(
                "Domain",
                desired.identity().domain(),
                "ShuttingDown",
                "the guest was asked to power off; it is ended when it does not"))
        : List.of();
  }

  private DesiredVirtualMachine desired(VirtualMachine machine, Wish wish) {
    VirtualMachine.Spec spec = machine.getSpec();
    VirtualMachine.Status status = machine.observed();
    String name = machine.getMetadata().getName();
    return new DesiredVirtualMachine(
        new Identity(
            machine.getMetadata().getNamespace(),
            name,
            UUID.fromString(machine.getMetadata().getUid())),
        wish,
        new DesiredVirtualMachine.Size(
            promised(machine).or(() -> wanted(machine)).orElse(Processing.NOTHING),
            wanted(machine).or(() -> promised(machine)).orElse(Processing.NOTHING),
            Optional.ofNullable(spec.placement())
                .map(VirtualMachine.Placement::hostSelector)
                .orElseGet(Map::of),
            Rules.of(spec)),
        Optional.ofNullable(status.placement()).map(p -> new Place(p.host(), p.epoch())),
        status.placement() != null && !StatusOf.STARTING.equals(status.phase()),
        lastEpoch(status),
        spec.disks().stream().map(d -> disk(name, d)).toList(),
        spec.interfaces().stream().map(i -> nic(name, i, probe(spec, i))).toList(),
        Optional.ofNullable(spec.cloudInit()),
        restart(machine),
        recoveries.of(machine));
  }

  private static long lastEpoch(VirtualMachine.Status status) {
    long remembered = Optional.ofNullable(status.lastEpoch()).orElse(0L);
    long placed =
        Optional.ofNullable(status.placement()).map(VirtualMachine.Placed::epoch).orElse(0L);
    return Math.max(remembered, placed);
  }

  private static DiskAsk disk(String machine, VirtualMachine.Disk disk) {
    return new DiskAsk(disk.name(), disk.volumeOf(machine), Optional.ofNullable(disk.template()));
  }

  /** The interface that is named, or the first, is asked. */
  private static OptionalInt probe(VirtualMachine.Spec spec, VirtualMachine.Interface nic) {
    VirtualMachine.ReadinessProbe readiness = spec.readiness();
    if (readiness == null) {
      return OptionalInt.empty();
    }
    String asked =
        Optional.ofNullable(readiness.interfaceName())
            .orElseGet(() -> spec.interfaces().getFirst().name());
    return nic.name().equals(asked) ? OptionalInt.of(readiness.tcpPort()) : OptionalInt.empty();
  }

  private static NicAsk nic(String machine, VirtualMachine.Interface nic, OptionalInt probe) {
    return new NicAsk(
        nic.name(),
        machine + "-" + nic.name(),
        nic.network(),
        Optional.ofNullable(nic.address()),
        Optional.ofNullable(nic.mac()),
        probe);
  }

  /** A placed machine keeps what it was promised, so that the sums on its host stay true. */
  private static Optional<Processing> promised(VirtualMachine machine) {
    return Optional.ofNullable(machine.observed().placement())
        .map(_ ->
            new Processing(
                Promises.promised(machine.observed()),
                Optional.ofNullable(machine.observed().cpuModel())));
  }

  /** Its size as its spec says; empty when its InstanceType is missing. */
  private Optional<Processing> wanted(VirtualMachine machine) {
    VirtualMachine.Spec spec = machine.getSpec();
    Optional<String> model = Optional.ofNullable(spec.cpuModel());
    String type = spec.instanceType();
    if (type != null) {
      return cluster
          .get(InstanceType.class, "", type)
          .map(InstanceType::getSpec)
          .map(t ->
              new Processing(
                  new Amount(t.vcpus(), Sizes.kibibytes(t.memory())),
                  model.or(() -> Optional.ofNullable(t.cpuModel()))));
    }
    return Optional.of(
        new Processing(
            new Amount(
                Optional.ofNullable(spec.vcpus()).orElse(1),
                Optional.ofNullable(spec.memory()).map(Sizes::kibibytes).orElse(0L)),
            model));
  }

  /** The annotation's value is the user's text: only a digest of it goes to the host. */
  private static String restart(VirtualMachine machine) {
    return restartedAt(machine).map(VirtualMachineDesire::digest).orElse("");
  }

  static Optional<String> restartedAt(VirtualMachine machine) {
    return Optional.ofNullable(machine.getMetadata().getAnnotations())
        .map(a -> a.get(Kumiko.RESTARTED_AT));
  }

  static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
