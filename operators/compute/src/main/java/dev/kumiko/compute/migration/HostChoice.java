package dev.kumiko.compute.migration;

import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.migration.DesiredMigration.Machine;
import dev.kumiko.compute.migration.DesiredMigration.Place;
import dev.kumiko.compute.migration.ObservedMigration.Choice;
import dev.kumiko.compute.placement.Decision;
import dev.kumiko.compute.placement.Room;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses where a guest goes, or says what keeps it where it is. That the target can run the model
 * that a machine asks for is one of the rules of placement. A guest without one has the features of
 * the host that it was started on: libvirt compares them with what the target's QEMU offers before
 * memory is sent (libvirt.org/drvqemu.html, "Migration CPU model compatibility"), and the guest
 * goes on where it is when one is missing.
 */
final class HostChoice {
  private final Cluster cluster;
  private final Room room;
  private final GuestSight sight;
  private final Traffic traffic;

  HostChoice(Cluster cluster, Room room, GuestSight sight, Traffic traffic) {
    this.cluster = cluster;
    this.room = room;
    this.sight = sight;
    this.traffic = traffic;
  }

  Choice of(DesiredMigration desired) {
    Machine machine = desired.machine().orElseThrow();
    Optional<Place> place = machine.place();
    if (!machine.isToRun() || place.isEmpty()) {
      return later(desired, "NotRunning", "does not run: set runPolicy Always, or move another");
    }
    String source = place.get().host();
    if (desired.order().targetHost().filter(source::equals).isPresent()) {
      return new Choice.Never("AlreadyThere", "The guest is on host " + source + " already.");
    }
    if (!machine.isAsDeclared()) {
      return later(
          desired, "RestartRequired", "has changes that its guest gets with a restart: restart it");
    }
    return objection(desired, place.get())
        .<Choice>map(Choice.Later::new)
        .orElseGet(() -> among(desired, place.get()));
  }

  private Optional<Wait> objection(DesiredMigration desired, Place place) {
    Optional<Wait> queue = traffic.objection(desired, place.host());
    if (queue.isPresent()) {
      return queue;
    }
    ObservedMigration.Side source = sight.of(place.host(), desired.guest(), place.epoch());
    return source.state().filter(s -> s == GuestState.RUNNING).isPresent()
        ? Optional.empty()
        : Optional.of(wait(desired, "NotRunning", "does not run yet"));
  }

  private Choice among(DesiredMigration desired, Place place) {
    Optional<Wait> unfit =
        desired.order().targetHost().flatMap(target -> unfit(desired, place.host(), target));
    if (unfit.isPresent()) {
      return new Choice.Later(unfit.get());
    }
    Targets targets = targets(desired, place.host());
    return targets
        .failures()
        .map(failure -> room.choose(resource(desired), targets.openAndBefore(failure)))
        .flatMap(decision ->
            decision instanceof Decision.Chosen(String host) ? Stream.of(host) : Stream.empty())
        .findFirst()
        .<Choice>map(host -> new Choice.Go(new Route(place.host(), host, place.epoch())))
        .orElseGet(() -> new Choice.Later(nowhere(desired, targets)));
  }

  /** A host that is busy is waited for only when it can take the guest. */
  private Wait nowhere(DesiredMigration desired, Targets targets) {
    return switch (room.choose(resource(desired), targets::isCounted)) {
      case Decision.Chosen(String host) -> Traffic.allBusy(host);
      case Decision.Nowhere nowhere ->
          new Wait(
              "Host",
              desired.order().targetHost().orElse("any"),
              "NoHostFits",
              "no other host may or can take the guest: "
                  + reasons(
                      nowhere.with(Decision.Reason.VIRTUALIZATION_DIFFERS, targets.unlike()),
                      desired.avoided()));
    };
  }

  private Targets targets(DesiredMigration desired, String source) {
    return new Targets(cluster, traffic, desired, source);
  }

  private static String reasons(Decision.Nowhere nowhere, Map<String, Instant> avoided) {
    return Stream.concat(
            avoided.isEmpty() || !nowhere.reasons().isEmpty()
                ? Stream.of(nowhere.message())
                : Stream.empty(),
            avoided.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e ->
                    "a move to host %s failed, it is tried again at %s"
                        .formatted(e.getKey(), e.getValue())))
        .collect(Collectors.joining("; "));
  }

  /** What speaks against the host that was asked for, besides what placement says. */
  private Optional<Wait> unfit(DesiredMigration desired, String source, String target) {
    if (cluster.get(Host.class, "", target).isEmpty()) {
      return Optional.of(Wait.missing("Host", target));
    }
    if (traffic.isBusy(target)) {
      return Optional.of(Traffic.busy(target));
    }
    if (!targets(desired, source).isAlike(target)) {
      return Optional.of(
          new Wait(
              "Host",
              target,
              "VirtualizationDiffers",
              "host "
                  + target
                  + " runs guests with another kind of virtualization than host "
                  + source
                  + ": name a host with the same status.virtualization"));
    }
    return Optional.ofNullable(resource(desired).observed().cpuModel())
        .filter(model -> !models(target).contains(model))
        .map(model -> new Wait("Host", target, "CpuModelMissing", lacks(target, model)));
  }

  private static String lacks(String host, String model) {
    return "host "
        + host
        + " cannot run the guest's cpuModel "
        + model
        + ": name a host whose status.cpuModels lists it, or give the machine one that both list"
        + " and restart it";
  }

  private List<String> models(String host) {
    return cluster.get(Host.class, "", host).map(h -> h.observed().cpuModels()).orElseGet(List::of);
  }

  /** Whole, as placement has its rules from it. */
  private VirtualMachine resource(DesiredMigration desired) {
    return cluster
        .get(VirtualMachine.class, desired.namespace(), desired.name())
        .orElseThrow(() -> new Conflict("VirtualMachine " + desired.name() + " is gone"));
  }

  /**
   * Writes the choice down, if it still is the one.
   *
   * @throws Conflict when it is not
   */
  void write(DesiredMigration desired, Route route, Runnable write) {
    Targets targets = targets(desired, route.source());
    room.reserve(
        desired.uid(),
        resource(desired),
        route.target(),
        targets.openAndBefore(targets.failure(route.target())),
        () -> traffic.enter(desired, route, write));
  }

  private static Choice later(DesiredMigration desired, String reason, String rest) {
    return new Choice.Later(wait(desired, reason, rest));
  }

  private static Wait wait(DesiredMigration desired, String reason, String rest) {
    return new Wait(
        "VirtualMachine", desired.name(), reason, "VirtualMachine " + desired.name() + " " + rest);
  }
}
