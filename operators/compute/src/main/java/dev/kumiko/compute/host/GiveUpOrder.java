package dev.kumiko.compute.host;

import dev.kumiko.reconcile.Report;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Kumiko;
import java.util.Optional;

/**
 * A person's order to give a host up. It is for the outage in which it was given: one that was
 * forgotten would take the disks from the guests of a healthy host at its next short outage.
 */
final class GiveUpOrder {
  private static final String SPENT = "GiveUpSpent";

  private GiveUpOrder() {}

  static boolean isGiven(Host host) {
    return Optional.ofNullable(host.getMetadata().getAnnotations())
        .map(a -> a.get(Kumiko.GIVE_UP))
        .filter("true"::equals)
        .isPresent();
  }

  /** Whether it counts no more, as was seen before. */
  static boolean wasSpent(Host host) {
    return Boolean.TRUE.equals(host.observed().giveUpSpent());
  }

  static Optional<Report.Aspect> aspect(boolean isSpent) {
    return isSpent
        ? Optional.of(
            new Report.Aspect(
                SPENT,
                true,
                SPENT,
                "The host answered since it was annotated with "
                    + Kumiko.GIVE_UP
                    + ": the annotation gives it up no more. Take it away; to give the host up when"
                    + " it does not answer, set it again then."))
        : Optional.empty();
  }
}
