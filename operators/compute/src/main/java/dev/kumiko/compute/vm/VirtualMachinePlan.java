package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.placement.Decision;
import dev.kumiko.compute.placement.Placement;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.ObservedVirtualMachine.HostView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Stray;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.v1alpha1.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From what a machine asks for and what there is of it to what is missing. */
final class VirtualMachinePlan {
  private VirtualMachinePlan() {}

  static List<VirtualMachineAction> plan(
      Desired<DesiredVirtualMachine> desired, ObservedVirtualMachine observed) {
    return switch (desired) {
      case Desired.Present<DesiredVirtualMachine>(DesiredVirtualMachine machine)
          when observed.transit().isPresent() ->
          TransitPlan.plan(machine, observed, observed.transit().get());
      case Desired.Absent<DesiredVirtualMachine>(DesiredVirtualMachine machine)
          when observed.transit().isPresent() ->
          TransitPlan.plan(machine, observed, observed.transit().get());
      case Desired.Present<DesiredVirtualMachine>(DesiredVirtualMachine machine) ->
          switch (machine.wish()) {
            case RUN -> running(machine, observed);
            case STOP -> stopped(machine, observed);
          };
      case Desired.Absent<DesiredVirtualMachine>(DesiredVirtualMachine machine) ->
          absent(machine, observed);
      case Desired.Blocked<DesiredVirtualMachine> _ -> List.of();
    };
  }

  private static List<VirtualMachineAction> running(
      DesiredVirtualMachine desired, ObservedVirtualMachine observed) {
    List<VirtualMachineAction> strays = GuestPlan.strays(observed, desired.lastEpoch());
    if (!strays.isEmpty()) {
      return strays;
    }
    if (desired.place().isEmpty()) {
      return !desired.recovery().yields()
              && decide(desired, observed) instanceof Decision.Chosen(String host)
          ? placed(desired, observed, new Place(host, desired.lastEpoch() + 1))
          : List.of();
    }
    if (observed.host() instanceof HostView.GivenUp lost) {
      return desired.recovery().waits() ? List.of() : recovered(desired, observed, lost);
    }
    Place place = desired.place().get();
    if (isToBePlacedAnew(desired, observed)) {
      return ended(desired, observed, (HostView.Seen) observed.host());
    }
    if (hasEnded(desired, observed)) {
      return List.of(new VirtualMachineAction.Renew(place.host(), desired.lastEpoch() + 1));
    }
    if (observed.host() instanceof HostView.Seen seen) {
      GuestPlan guest = new GuestPlan(desired, observed, seen);
      if (guest.isToGoOn()) {
        return List.of(guest.resume(place));
      }
    }
    List<VirtualMachineAction> plan =
        new ArrayList<>(new CompanionPlan(desired, observed).present(place));
    if (observed.host() instanceof HostView.Seen seen && !runsElsewhere(desired, observed)) {
      if (seen.active().isEmpty()) {
        plan.addAll(new CompanionPlan(desired, observed).surplus());
      }
      plan.addAll(new GuestPlan(desired, observed, seen).running(place));
    }
    return plan;
  }

  /** The disks first: storage lets go of them when it was seen to refuse the host. */
  private static List<VirtualMachineAction> recovered(
      DesiredVirtualMachine desired, ObservedVirtualMachine observed, HostView.GivenUp lost) {
    CompanionPlan companions = new CompanionPlan(desired, observed);
    return companions.hasAttachments()
        ? companions.withoutAttachments()
        : List.of(new VirtualMachineAction.Recover(lost.host()));
  }

  /** The place, and all that is asked of others for it; the domain needs their answers. */
  private static List<VirtualMachineAction> placed(
      DesiredVirtualMachine desired, ObservedVirtualMachine observed, Place place) {
    List<VirtualMachineAction> plan = new ArrayList<>();
    plan.add(new VirtualMachineAction.Place(place.host(), place.epoch()));
    plan.addAll(new CompanionPlan(desired, observed).present(place));
    return plan;
  }

  /** Another size may need another host; it is given when no guest runs. */
  private static boolean isToBePlacedAnew(
      DesiredVirtualMachine desired, ObservedVirtualMachine observed) {
    return desired.size().isChanged()
        && !runsElsewhere(desired, observed)
        && observed.host() instanceof HostView.Seen seen
        && seen.foreign().isEmpty()
        && seen.active().isEmpty();
  }

  static boolean hasEnded(DesiredVirtualMachine desired, ObservedVirtualMachine observed) {
    return desired.ran()
        && observed.host() instanceof HostView.Seen seen
        && seen.guest().filter(g -> !g.isOurs() || g.state().isActive()).isEmpty();
  }

  static Decision decide(DesiredVirtualMachine desired, ObservedVirtualMachine observed) {
    return Placement.place(desired.demand(), observed.candidates());
  }

  /** Whether a domain that we must not end may have the disks open. */
  static boolean runsElsewhere(DesiredVirtualMachine desired, ObservedVirtualMachine observed) {
    return observed.strays().stream()
        .map(Stray::guest)
        .anyMatch(g -> g.epoch() > desired.lastEpoch());
  }

  private static List<VirtualMachineAction> stopped(
      DesiredVirtualMachine desired, ObservedVirtualMachine observed) {
    List<VirtualMachineAction> strays = GuestPlan.strays(observed, desired.lastEpoch());
    if (!strays.isEmpty()) {
      return strays;
    }
    return switch (observed.host()) {
      case HostView.Unreachable _ -> List.of();
      case HostView.GivenUp lost -> recovered(desired, observed, lost);
      case HostView.NotPlaced _ -> given(desired, observed);
      case HostView.Seen seen -> ended(desired, observed, seen);
    };
  }

  private static List<VirtualMachineAction> given(
      DesiredVirtualMachine desired, ObservedVirtualMachine observed) {
    CompanionPlan companions = new CompanionPlan(desired, observed);
    List<VirtualMachineAction> plan = new ArrayList<>(companions.withoutAttachments());
    plan.addAll(companions.portsOnNoHost());
    return plan;
  }

  /** The domain first, then what it had open, then the placement. */
  private static List<VirtualMachineAction> ended(
      DesiredVirtualMachine desired, ObservedVirtualMachine observed, HostView.Seen seen) {
    Optional<Guest> ours = seen.guest().filter(Guest::isOurs);
    if (ours.isPresent()) {
      return domainEnded(desired, observed, seen, ours.get(), false);
    }
    CompanionPlan companions = new CompanionPlan(desired, observed);
    if (companions.hasAttachments()) {
      return given(desired, observed);
    }
    List<VirtualMachineAction> plan = new ArrayList<>(companions.portsOnNoHost());
    plan.add(new VirtualMachineAction.Release(seen.host()));
    return plan;
  }

  private static List<VirtualMachineAction> domainEnded(
      DesiredVirtualMachine desired,
      ObservedVirtualMachine observed,
      HostView.Seen seen,
      Guest guest,
      boolean atOnce) {
    if (!guest.state().isActive()) {
      return List.of(new VirtualMachineAction.Undefine(seen.host(), guest.uuid()));
    }
    return atOnce
        ? List.of(
            new VirtualMachineAction.Destroy(
                seen.host(), guest.uuid(), guest.epoch(), "the machine is deleted"))
        : new GuestPlan(desired, observed, seen).ending(guest, "the machine is to stop");
  }

  /** As stopped, and then everything that goes with the machine. */
  private static List<VirtualMachineAction> absent(
      DesiredVirtualMachine desired, ObservedVirtualMachine observed) {
    List<VirtualMachineAction> strays = GuestPlan.strays(observed, Long.MAX_VALUE);
    if (!strays.isEmpty()) {
      return strays;
    }
    if (observed.host() instanceof HostView.Seen seen) {
      Optional<Guest> ours = seen.guest().filter(Guest::isOurs);
      if (ours.isPresent()) {
        return domainEnded(desired, observed, seen, ours.get(), losesItsDisks(desired));
      }
    }
    CompanionPlan companions = new CompanionPlan(desired, observed);
    return companions.hasAttachments() ? companions.withoutAttachments() : companions.absent();
  }

  /** A guest whose disks go with it has nothing to save. */
  static boolean losesItsDisks(DesiredVirtualMachine desired) {
    return desired.disks().stream()
        .allMatch(disk ->
            disk.template()
                .filter(t -> t.deletionPolicy() == Volume.DeletionPolicy.Delete)
                .isPresent());
  }
}
