package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.placement.Decision;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.ObservedVirtualMachine.HostView;
import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Desired;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rest of a start, which comes once Volumes, Ports and Attachments are there, and of an end,
 * which comes once the guest is off. The keys that a host may still need are known only then.
 */
final class Outlook {
  private Outlook() {}

  static List<String> of(Desired<DesiredVirtualMachine> desired, ObservedVirtualMachine observed) {
    if (!observed.strays().isEmpty() || observed.transit().isPresent()) {
      return List.of();
    }
    List<String> steps =
        switch (desired) {
          case Desired.Present<DesiredVirtualMachine>(var machine) ->
              switch (machine.wish()) {
                case RUN -> isStartAhead(observed) ? start(machine, observed) : List.of();
                case STOP -> end(machine, observed, false);
              };
          case Desired.Absent<DesiredVirtualMachine>(var machine) -> end(machine, observed, true);
          case Desired.Blocked<DesiredVirtualMachine> _ -> List.of();
        };
    Set<String> planned =
        VirtualMachinePlan.plan(desired, observed).stream()
            .map(Action::describe)
            .collect(Collectors.toUnmodifiableSet());
    return steps.stream().filter(step -> !planned.contains(step)).toList();
  }

  /** The rest of an end: of the domain, and of what was made for the machine. */
  private static List<String> end(
      DesiredVirtualMachine machine, ObservedVirtualMachine observed, boolean forGood) {
    if (!(observed.host() instanceof HostView.Seen seen)
        || seen.guest().filter(Guest::isOurs).isEmpty()) {
      return List.of();
    }
    CompanionPlan companions = new CompanionPlan(machine, observed);
    List<VirtualMachineAction> actions = new ArrayList<>();
    actions.add(new VirtualMachineAction.Undefine(seen.host(), machine.identity().uid()));
    actions.addAll(companions.withoutAttachments());
    if (forGood) {
      actions.addAll(companions.absent());
    } else {
      actions.addAll(companions.portsOnNoHost());
      actions.add(new VirtualMachineAction.Release(seen.host()));
    }
    return actions.stream().map(Action::describe).toList();
  }

  private static List<String> start(
      DesiredVirtualMachine machine, ObservedVirtualMachine observed) {
    return place(machine, observed).map(place -> rest(machine, observed, place)).orElse(List.of());
  }

  /** A host that does not answer may run the guest. */
  private static boolean isStartAhead(ObservedVirtualMachine observed) {
    return switch (observed.host()) {
      case HostView.NotPlaced _ -> true;
      case HostView.Unreachable _, HostView.GivenUp _ -> false;
      case HostView.Seen seen -> seen.foreign().isEmpty() && seen.active().isEmpty();
    };
  }

  private static Optional<Place> place(
      DesiredVirtualMachine machine, ObservedVirtualMachine observed) {
    long next = machine.lastEpoch() + 1;
    if (machine.place().isEmpty()) {
      return VirtualMachinePlan.decide(machine, observed) instanceof Decision.Chosen(String host)
          ? Optional.of(new Place(host, next))
          : Optional.empty();
    }
    return VirtualMachinePlan.hasEnded(machine, observed)
        ? machine.place().map(place -> new Place(place.host(), next))
        : machine.place();
  }

  private static List<String> rest(
      DesiredVirtualMachine machine, ObservedVirtualMachine observed, Place place) {
    UUID uid = machine.identity().uid();
    String define = VirtualMachineAction.Define.text(machine.identity().domain(), place.epoch());
    String start = new VirtualMachineAction.StartPaused(place.host(), uid).describe();
    String resume = new VirtualMachineAction.Resume(place.host(), uid, place.epoch()).describe();
    return Stream.of(define, start, resume)
        .filter(step -> !step.equals(define) || !isDefined(observed, place))
        .toList();
  }

  private static boolean isDefined(ObservedVirtualMachine observed, Place place) {
    return observed.host() instanceof HostView.Seen seen
        && seen.guest()
            .flatMap(Guest::marker)
            .filter(marker -> marker.epoch() == place.epoch())
            .isPresent();
  }
}
