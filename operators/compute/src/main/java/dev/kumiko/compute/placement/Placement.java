package dev.kumiko.compute.placement;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses a host: the one that the machine's preferences are least against, the first of them above
 * all, then the one with the largest share of its scarcer resource left after the guest, so that
 * load spreads; the name breaks ties, so that equal questions get equal answers.
 */
public final class Placement {
  private static final Comparator<Scored> BEST =
      Comparator.comparing(Scored::costs, Placement::compare)
          .reversed()
          .thenComparingDouble(Scored::share)
          .thenComparing(Scored::host, Comparator.reverseOrder());

  private Placement() {}

  public static Decision place(Demand demand, Fleet fleet) {
    Surroundings around = among(fleet.hosts(), demand, Surroundings.of(demand, fleet));
    boolean isReserved = !demand.mayUseReserve() && !fleet.keepsReserve(demand.amount());
    Map<Decision.Reason, Long> reasons = new EnumMap<>(Decision.Reason.class);
    Optional<Scored> best = Optional.empty();
    for (Candidate host : fleet.choice()) {
      Optional<Decision.Reason> rejected =
          refusal(demand, host, around)
              .or(() -> shortage(demand.amount(), host.free()))
              .or(() ->
                  isReserved ? Optional.of(Decision.Reason.KEPT_IN_RESERVE) : Optional.empty());
      if (rejected.isPresent()) {
        reasons.merge(rejected.get(), 1L, Long::sum);
        continue;
      }
      Scored scored = scored(demand, host, around);
      if (best.isEmpty() || BEST.compare(scored, best.get()) > 0) {
        best = Optional.of(scored);
      }
    }
    return best.<Decision>map(b -> new Decision.Chosen(b.host()))
        .orElseGet(() -> new Decision.Nowhere(reasons));
  }

  /** For a spread, a host counts that may take the guest, also when it is not to be chosen now. */
  private static Surroundings among(List<Candidate> hosts, Demand demand, Surroundings around) {
    if (demand.rules().stream().noneMatch(Rule::isRequiredSpread)) {
      return around;
    }
    List<Candidate> open =
        hosts.stream().filter(host -> refusal(demand, host, around).isEmpty()).toList();
    return around.among(open);
  }

  /** Why the host may not take the guest, whatever room it has. */
  private static Optional<Decision.Reason> refusal(
      Demand demand, Candidate host, Surroundings around) {
    if (!host.labels().entrySet().containsAll(demand.hostSelector().entrySet())) {
      return Optional.of(Decision.Reason.SELECTOR_MISMATCH);
    }
    if (!demand.isRunnableOn(host)) {
      return Optional.of(Decision.Reason.CPU_MODEL_MISSING);
    }
    return switch (host.openness()) {
      case CORDONED -> Optional.of(Decision.Reason.CORDONED);
      case FENCED -> Optional.of(Decision.Reason.FENCED);
      case DISCONNECTED -> Optional.of(Decision.Reason.DISCONNECTED);
      case OPEN -> around.objection(host);
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

  private static Scored scored(Demand demand, Candidate host, Surroundings around) {
    return new Scored(host.name(), around.costs(host), shareLeft(demand.amount(), host));
  }

  private static double shareLeft(Amount asked, Candidate host) {
    Amount left = host.free().minus(asked);
    return Math.min(
        (double) left.vcpus() / host.allocatable().vcpus(),
        (double) left.memoryKibibytes() / host.allocatable().memoryKibibytes());
  }

  /** Both are of the same rules, in the same order. */
  private static int compare(List<Long> costs, List<Long> others) {
    for (int i = 0; i < costs.size(); i++) {
      int difference = Long.compare(costs.get(i), others.get(i));
      if (difference != 0) {
        return difference;
      }
    }
    return 0;
  }

  private record Scored(String host, List<Long> costs, double share) {}
}
