package dev.kumiko.compute.placement;

import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses a host: the one with the largest share of its scarcer resource left after the guest, so
 * that load spreads; the name breaks ties, so that equal questions get equal answers.
 */
public final class Placement {
  private static final Comparator<Scored> BEST =
      Comparator.comparingDouble(Scored::share)
          .thenComparing(Scored::host, Comparator.reverseOrder());

  private Placement() {}

  public static Decision place(Demand demand, Collection<Candidate> hosts) {
    Map<Decision.Reason, Long> reasons = new EnumMap<>(Decision.Reason.class);
    Optional<Scored> best = Optional.empty();
    for (Candidate host : hosts) {
      Optional<Decision.Reason> rejected = rejection(demand, host);
      if (rejected.isPresent()) {
        reasons.merge(rejected.get(), 1L, Long::sum);
        continue;
      }
      Scored scored = new Scored(host.name(), shareLeft(demand.amount(), host));
      if (best.isEmpty() || BEST.compare(scored, best.get()) > 0) {
        best = Optional.of(scored);
      }
    }
    return best.<Decision>map(b -> new Decision.Chosen(b.host()))
        .orElseGet(() -> new Decision.Nowhere(reasons));
  }

  private static Optional<Decision.Reason> rejection(Demand demand, Candidate host) {
    if (!host.labels().entrySet().containsAll(demand.hostSelector().entrySet())) {
      return Optional.of(Decision.Reason.SELECTOR_MISMATCH);
    }
    return switch (host.openness()) {
      case CORDONED -> Optional.of(Decision.Reason.CORDONED);
      case FENCED -> Optional.of(Decision.Reason.FENCED);
      case DISCONNECTED -> Optional.of(Decision.Reason.DISCONNECTED);
      case OPEN -> shortage(demand.amount(), host.free());
    };
  }

  private static Optional<Decision.Reason> shortage(Amount asked, Amount free) {
    if (asked.vcpus() > free.vcpus()) {
      return Optional.of(Decision.Reason.INSUFFICIENT_VCPUS);
    }
    return asked.memoryKibibytes() > free.memoryKibibytes()
        ? Optional.of(Decision.Reason.INSUFFICIENT_MEMORY)
        : Optional.empty();
  }

  private static double shareLeft(Amount asked, Candidate host) {
    Amount left = host.free().minus(asked);
    return Math.min(
        (double) left.vcpus() / host.allocatable().vcpus(),
        (double) left.memoryKibibytes() / host.allocatable().memoryKibibytes());
  }

  private record Scored(String host, double share) {}
}
