package dev.kumiko.compute.host;

import dev.kumiko.reconcile.Report;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Host;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is asked of a host's mode and what there is on it to what is missing, and what it says. */
final class DrainPlan {
  private static final String DRAINED = "Drained";
  private static final Report.Aspect EMPTY =
      new Report.Aspect(
          DRAINED, true, DRAINED, "No machine is placed on it: it may be switched off.");

  private DrainPlan() {}

  /** Taken back, no further guest begins to move; those on their way arrive. */
  static List<HostAction> plan(DesiredHost asked, ObservedHost observed) {
    String host = asked.target().host();
    if (asked.mode() != Host.Mode.Maintenance) {
      return observed.drain().waiting().stream()
          .<HostAction>map(migration -> new HostAction.CallOff(host, migration))
          .toList();
    }
    return observed.sight().isEmpty()
        ? List.of()
        : observed.drain().passengers().stream()
            .filter(Passenger::isToBeMoved)
            .<HostAction>map(p -> new HostAction.Evacuate(host, p.namespace(), p.machine()))
            .toList();
  }

  /**
   * Also machines that are being deleted, and guests of nobody here, keep a host from being off.
   */
  static Optional<Report.Aspect> aspect(Host host, ObservedHost observed) {
    if (host.getSpec().mode() != Host.Mode.Maintenance) {
      return Optional.empty();
    }
    List<Passenger> left = observed.drain().passengers();
    if (!left.isEmpty()) {
      return Optional.of(draining(message(left)));
    }
    if (!observed.machines().isEmpty()) {
      return Optional.of(
          draining(
              "Deleted machines are still ended: " + String.join(", ", observed.machines()) + "."));
    }
    return Optional.of(
        observed.sight().map(DrainPlan::seen).orElseGet(() -> unseen(host, observed)));
  }

  private static Report.Aspect seen(ObservedHost.Sight sight) {
    return sight.running() == 0
        ? EMPTY
        : draining(
            "No machine is placed on it, but guests run there: %d. What Kumiko started is ended by it; move or"
                    .formatted(sight.running())
                + " stop the others on the host.");
  }

  /** One that is off after it was drained, or was given up, stays so. */
  private static Report.Aspect unseen(Host host, ObservedHost observed) {
    boolean wasDrained = host.observed().condition(DRAINED).filter(Condition::isTrue).isPresent();
    return wasDrained || observed.plight().isShut()
        ? EMPTY
        : draining(
            "No machine is placed on it, but it does not answer: what runs there is not known.");
  }

  private static Report.Aspect draining(String message) {
    return new Report.Aspect(DRAINED, false, "Draining", message);
  }

  private static String message(List<Passenger> left) {
    return left.size()
        + (left.size() == 1 ? " machine is left. " : " machines are left. ")
        + left.stream()
            .map(p -> p.name() + ": " + p.move().map(Passenger.Move::why).orElse("its turn comes"))
            .collect(Collectors.joining(" "));
  }
}
