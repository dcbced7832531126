package dev.kumiko.compute.host;

import dev.kumiko.compute.verdict.Verdict;
import dev.kumiko.reconcile.Report;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Host;
import java.util.Optional;
import java.util.Set;

/** What the conditions Fenced and PoweredOff of a Host say, while there is anything to say. */
final class FenceReport {
  private static final String FENCED = "Fenced";
  private static final String POWERED_OFF = "PoweredOff";
  private static final String POWER_OFF_FAILED = "PowerOffFailed";
  private static final String DAEMON_DOWN = "DaemonDown";
  private static final String TOO_MANY_SILENT = "TooManySilent";
  private static final String OPERATOR_ISOLATED = "OperatorIsolated";

  /** What is only said: an action that tells itself comes with every other verdict. */
  private static final Set<String> LEFT_TO_A_PERSON =
      Set.of(DAEMON_DOWN, TOO_MANY_SILENT, OPERATOR_ISOLATED, POWER_OFF_FAILED);

  private FenceReport() {}

  /** Whether the next moment may bring a decision. */
  static boolean isOpen(Plight plight) {
    return plight.fence().isPresent() || plight.isSilent();
  }

  static Optional<Report.Aspect> aspect(Plight plight) {
    if (plight.isShut()) {
      return Optional.of(new Report.Aspect(FENCED, true, "GivenUp", shut(plight)));
    }
    return switch (plight.verdict()) {
      case Verdict.Alive _ -> Optional.empty();
      case Verdict.Open(String message) ->
          plight.isSilent() ? not("Suspected", message + ".") : Optional.empty();
      case Verdict.DaemonDown(String message) ->
          not(
              DAEMON_DOWN,
              message
                  + ": its guests run on and are not started elsewhere; see to libvirtd there.");
      case Verdict.Dead(String message) -> not("Suspected", message + ".");
      case Verdict.TooMany(String message) ->
          not(
              TOO_MANY_SILENT,
              message
                  + ": if it is really off, annotate it with kumiko.dev/give-up=true; never while"
                  + " its guests may still be wanted there.");
      case Verdict.Isolated(String message) ->
          not(OPERATOR_ISOLATED, message + ": see to the network of the operator.");
    };
  }

  /** What failed before stays said while a new leader makes its first try. */
  static Optional<Report.Aspect> power(Host before, Plight plight) {
    if (!(plight.powerCut() instanceof PowerCut.Missing missing)) {
      return Optional.empty();
    }
    return missing
        .failure()
        .map(why ->
            Character.toUpperCase(why.charAt(0))
                + why.substring(1)
                + ". For ten minutes it is tried again, until it is done or the host is heard;"
                + " nothing waits for it. See to that, or switch the machine off by hand.")
        .or(() -> before.observed().condition(POWERED_OFF).map(Condition::message))
        .map(message -> new Report.Aspect(POWERED_OFF, false, POWER_OFF_FAILED, message));
  }

  /** What the report leaves to a person, when the Host did not say so before. */
  static Optional<Report.Aspect> turn(Host before, Report report) {
    return report.aspects().stream()
        .filter(a -> LEFT_TO_A_PERSON.contains(a.reason()))
        .filter(a ->
            before
                .observed()
                .condition(a.type())
                .filter(c -> c.reason().equals(a.reason()))
                .isEmpty())
        .findFirst();
  }

  private static String shut(Plight plight) {
    return "Nothing on it can write to any pool. " + now(plight);
  }

  private static String now(Plight plight) {
    if (plight.verdict() instanceof Verdict.Alive) {
      return "It is back, its "
          + plight.leftovers().size()
          + " old guests are ended before it is let in again.";
    }
    String off =
        plight.powerCut() instanceof PowerCut.Done
            ? " A power controller has switched it off: switch it on once it is repaired."
            : "";
    return "Its guests are started elsewhere."
        + off
        + " It is let in again by itself when it is back.";
  }

  private static Optional<Report.Aspect> not(String reason, String message) {
    return Optional.of(
        new Report.Aspect(
            FENCED,
            false,
            reason,
            Character.toUpperCase(message.charAt(0)) + message.substring(1)));
  }
}
