package dev.kumiko.compute.host;

import dev.kumiko.compute.verdict.Verdict;
import dev.kumiko.reconcile.Report;
import java.util.Optional;

/** What the condition Fenced of a Host says, while there is anything to say. */
final class FenceReport {
  private static final String FENCED = "Fenced";

  private FenceReport() {}

  /** Whether the next moment may bring a decision. */
  static boolean isOpen(Plight plight) {
    return plight.fence().isPresent() || plight.isSilent();
  }

  static Optional<Report.Aspect> aspect(Plight plight) {
    if (plight.fence().filter(Plight.Case::isShut).isPresent()) {
      return Optional.of(new Report.Aspect(FENCED, true, "GivenUp", shut(plight)));
    }
    return switch (plight.verdict()) {
      case Verdict.Alive _ -> Optional.empty();
      case Verdict.Open(String message) ->
          plight.isSilent() ? not("Suspected", message + ".") : Optional.empty();
      case Verdict.DaemonDown(String message) ->
          not(
              "DaemonDown",
              message
                  + ": its guests run on and are not started elsewhere; see to libvirtd there.");
      case Verdict.Dead(String message) -> not("Suspected", message + ".");
      case Verdict.TooMany(String message) ->
          not(
              "TooManySilent",
              message
                  + ": if it is really off, annotate it with kumiko.dev/give-up=true; never while"
                  + " its guests may still be wanted there.");
      case Verdict.Isolated(String message) ->
          not("OperatorIsolated", message + ": see to the network of the operator.");
    };
  }

  private static String shut(Plight plight) {
    String now =
        plight.verdict() instanceof Verdict.Alive
            ? "It is back, its "
                + plight.leftovers().size()
                + " old guests are ended before it is"
                + " let in again."
            : "Its guests are started elsewhere. It is let in again by itself when it is back.";
    return "Nothing on it can write to any pool. " + now;
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
