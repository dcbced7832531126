package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.placement.Decision;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Wish;
import dev.kumiko.compute.vm.ObservedVirtualMachine.HostView;
import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Desired;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rest of a start: what comes once Volumes, Ports and Attachments are there. The keys that a
 * host may still need for it are known only then.
 */
final class Outlook {
  private Outlook() {}

  static List<String> of(Desired<DesiredVirtualMachine> desired, ObservedVirtualMachine observed) {
    return desired instanceof Desired.Present<DesiredVirtualMachine>(var machine)
            && machine.wish() == Wish.RUN
            && observed.strays().isEmpty()
            && isStartAhead(observed)
        ? place(machine, observed).map(place -> rest(machine, observed, place)).orElse(List.of())
        : List.of();
  }

  /** A host that does not answer may run the guest. */
  private static boolean isStartAhead(ObservedVirtualMachine observed) {
    return switch (observed.host()) {
      case HostView.NotPlaced _ -> true;
      case HostView.Unreachable _ -> false;
      case HostView.Seen seen ->
          seen.foreign().isEmpty() && seen.guest().filter(g -> g.state().isActive()).isEmpty();
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
    Set<String> planned =
        VirtualMachinePlan.plan(new Desired.Present<>(machine), observed).stream()
            .map(Action::describe)
            .collect(Collectors.toUnmodifiableSet());
    return Stream.of(define, start, resume)
        .filter(step -> !planned.contains(step))
        .filter(step -> !step.equals(define) || !isDefined(observed, place))
        .toList();
  }

  private static boolean isDefined(ObservedVirtualMachine observed, Place place) {
    return guest(observed)
        .flatMap(Guest::marker)
        .filter(marker -> marker.epoch() == place.epoch())
        .isPresent();
  }

  private static Optional<Guest> guest(ObservedVirtualMachine observed) {
    return observed.host() instanceof HostView.Seen seen ? seen.guest() : Optional.empty();
  }
}
