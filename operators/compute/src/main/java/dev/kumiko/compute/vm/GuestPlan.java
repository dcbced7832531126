package dev.kumiko.compute.vm;

import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.domainxml.Marker;
import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.ObservedVirtualMachine.HostView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.PoolKey;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Shutdown;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Stray;
import dev.kumiko.compute.vm.ObservedVirtualMachine.VolumeView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The domain of a machine on the host that it is placed on, which answers. */
record GuestPlan(
    DesiredVirtualMachine desired, ObservedVirtualMachine observed, HostView.Seen host) {

  /** Toward a running guest: prove, then resume. */
  List<VirtualMachineAction> running(Place place) {
    if (host.foreign().isPresent()) {
      return List.of();
    }
    Optional<GuestDefinition> definition =
        GuestComposer.compose(desired, observed, host.acceleration());
    Optional<Guest> active = host.active();
    if (active.isEmpty()) {
      return start(place, definition);
    }
    Guest guest = active.get();
    long epoch = guest.epoch();
    if (epoch < place.epoch()) {
      return List.of(
          new VirtualMachineAction.Destroy(
              host.host(), uid(), epoch, "it is of the older epoch " + epoch));
    }
    return epoch > place.epoch() ? List.of() : active(guest, place, definition);
  }

  private List<VirtualMachineAction> start(Place place, Optional<GuestDefinition> definition) {
    List<VirtualMachineAction> plan = new ArrayList<>();
    if (definition.isEmpty()) {
      return plan;
    }
    define(plan, definition.get());
    if (companions().isGranted(place) && keysAreKnown() && observed.pace().startIsDue()) {
      plan.addAll(missingKeys());
      plan.add(new VirtualMachineAction.StartPaused(host.host(), uid()));
    }
    return plan;
  }

  private List<VirtualMachineAction> active(
      Guest guest, Place place, Optional<GuestDefinition> definition) {
    List<VirtualMachineAction> plan = new ArrayList<>();
    definition.ifPresent(d -> define(plan, d));
    boolean proven =
        companions().isGranted(place) && (desired.ran() || companions().isProgrammed(place));
    switch (guest.state()) {
      case PAUSED, HELD -> {
        if (isStale(guest, place, definition)) {
          plan.add(
              new VirtualMachineAction.Destroy(
                  host.host(),
                  uid(),
                  guest.epoch(),
                  "it never ran, and what it was started with is no more"));
        } else if (proven) {
          plan.add(resume(place));
        }
      }
      case PAUSED_BY_IO_ERROR -> {
        if (proven && observed.pace().retryIsDue()) {
          plan.add(resume(place));
        }
      }
      case RUNNING -> {
        if (guest.current().map(m -> m.restart().equals(desired.restart())).orElse(true)) {
          if (hasShape(guest, definition).orElse(false)) {
            resize(plan, guest);
          }
        } else {
          plan.addAll(ending(guest, "it is to restart"));
        }
      }
      case SHUTTING_DOWN -> {
        if (observed.pace().shutdown() == Shutdown.IGNORED) {
          plan.addAll(ending(guest, "it does not finish its shutdown"));
        }
      }
      case OTHER_ACTIVE, STOPPED -> {}
    }
    return plan;
  }

  VirtualMachineAction resume(Place place) {
    return new VirtualMachineAction.Resume(host.host(), uid(), place.epoch());
  }

  private void define(List<VirtualMachineAction> plan, GuestDefinition definition) {
    if (!host.guest().flatMap(Guest::definition).equals(Optional.of(definition))) {
      plan.add(new VirtualMachineAction.Define(host.host(), definition));
    }
  }

  /**
   * A guest that never ran has nothing to lose: when its disks are not granted any more, or it was
   * started with others than are asked for now, the next start is a clean one.
   */
  private boolean isStale(Guest guest, Place place, Optional<GuestDefinition> definition) {
    return !desired.ran() && (!companions().isGranted(place) || lacksChange(guest, definition));
  }

  /** Whether an active guest still has another size, other disks or other interfaces. */
  static boolean lacksChange(Guest guest, Optional<GuestDefinition> definition) {
    return hasShape(guest, definition).filter(same -> !same).isPresent();
  }

  /** Whether an active guest has what is asked for; empty while either is unknown. */
  private static Optional<Boolean> hasShape(Guest guest, Optional<GuestDefinition> definition) {
    return guest
        .active()
        .map(Marker::shape)
        .filter(shape -> !shape.isEmpty())
        .flatMap(started -> definition.map(d -> d.marker().shape().equals(started)));
  }

  private void resize(List<VirtualMachineAction> plan, Guest guest) {
    int index = 0;
    for (DesiredVirtualMachine.DiskAsk disk : desired.disks()) {
      String target = dev.kumiko.compute.domainxml.Disk.target(index++);
      Long seen = guest.diskBytes().get(target);
      VolumeView volume = observed.volumes().get(disk.volume());
      if (seen != null && volume != null && volume.sizeBytes() > seen) {
        plan.add(
            new VirtualMachineAction.ResizeDisk(host.host(), uid(), target, volume.sizeBytes()));
      }
    }
  }

  /** Whether the guest ran and stands still, because it was moved, or somebody stopped it. */
  boolean standsStill() {
    return desired.ran()
        && host.foreign().isEmpty()
        && host.active()
            .filter(Guest::isOurs)
            .filter(g -> desired.place().filter(p -> p.epoch() == g.epoch()).isPresent())
            .filter(g -> g.state().standsStill())
            .isPresent();
  }

  /** Whether it is to be let run before anything else: it has all that it needs for that. */
  boolean isToGoOn() {
    return standsStill()
        && !VirtualMachinePlan.runsElsewhere(desired, observed)
        && desired.place().filter(companions()::isGranted).isPresent();
  }

  /**
   * Toward no active guest: asked first, for which it has to run; ended when it does not listen.
   */
  List<VirtualMachineAction> ending(Guest guest, String why) {
    if (isToGoOn() && observed.pace().retryIsDue()) {
      return List.of(resume(desired.place().orElseThrow()));
    }
    boolean canListen =
        guest.state() == GuestState.RUNNING || guest.state() == GuestState.SHUTTING_DOWN;
    if (!canListen) {
      return List.of(new VirtualMachineAction.Destroy(host.host(), uid(), guest.epoch(), why));
    }
    return switch (observed.pace().shutdown()) {
      case NOT_ASKED -> List.of(new VirtualMachineAction.RequestShutdown(host.host(), uid()));
      case ASKED -> List.of();
      case IGNORED ->
          List.of(new VirtualMachineAction.Destroy(host.host(), uid(), guest.epoch(), why));
    };
  }

  /** Domains of this machine that must not be; one that is newer than we know is left alone. */
  static List<VirtualMachineAction> strays(ObservedVirtualMachine observed, long newestEpoch) {
    List<VirtualMachineAction> plan = new ArrayList<>();
    for (Stray stray : observed.strays()) {
      if (stray.guest().epoch() > newestEpoch) {
        continue;
      }
      UUID uid = stray.guest().uuid();
      if (stray.guest().state().isActive()) {
        plan.add(
            new VirtualMachineAction.Destroy(
                stray.host(), uid, stray.guest().epoch(), "the machine is not placed there"));
      }
      plan.add(new VirtualMachineAction.Undefine(stray.host(), uid));
    }
    return plan;
  }

  /** What the host has to be given before a domain can come or start there. */
  List<VirtualMachineAction> missingKeys() {
    Set<String> pools = new LinkedHashSet<>();
    for (VolumeView volume : neededVolumes()) {
      volume
          .key()
          .filter(k -> !k.fingerprint().equals(host.secrets().get(k.usage())))
          .map(PoolKey::pool)
          .ifPresent(pools::add);
    }
    return pools.stream()
        .<VirtualMachineAction>map(
            pool -> new VirtualMachineAction.ProvideSecret(host.host(), pool))
        .toList();
  }

  private boolean keysAreKnown() {
    return neededVolumes().stream().allMatch(v -> v.key().isPresent());
  }

  private List<VolumeView> neededVolumes() {
    Map<String, VolumeView> volumes = observed.volumes();
    List<VolumeView> needed = new ArrayList<>();
    desired
        .disks()
        .forEach(d -> Optional.ofNullable(volumes.get(d.volume())).ifPresent(needed::add));
    if (desired.cloudInit().isPresent()) {
      Optional.ofNullable(volumes.get(desired.seedVolume())).ifPresent(needed::add);
    }
    return needed;
  }

  private CompanionPlan companions() {
    return new CompanionPlan(desired, observed);
  }

  private UUID uid() {
    return desired.identity().uid();
  }
}
