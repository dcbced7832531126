package dev.kumiko.compute.placement;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses a host: the one that the machine's rules are least against, then the one with the largest
 * share of its scarcer resource left after the guest, so that load spreads; the name breaks ties,
 * so that equal questions get equal answers.
 */
public final class Placement {
  private static final Comparator<Scored> BEST =
      Comparator.comparingLong(Scored::cost)
          .reversed()
          .thenComparingDouble(Scored::share)
          .thenComparing(Scored::host, Comparator.reverseOrder());

  private Placement() {}

  public static Decision place(Demand demand, Fleet fleet) {
    List<Domains> domains = fleet.domains(demand);
    boolean isReserved = !demand.mayUseReserve() && !fleet.keepsReserve(demand.amount());
    Map<Decision.Reason, Long> reasons = new EnumMap<>(Decision.Reason.class);
    Optional<Scored> best = Optional.empty();
    for (Candidate host : fleet.choice()) {
      Optional<Decision.Reason> rejected =
          rejection(demand, host, domains)
              .or(() ->
                  isReserved ? Optional.of(Decision.Reason.KEPT_IN_RESERVE) : Optional.empty());
      if (rejected.isPresent()) {
        reasons.merge(rejected.get(), 1L, Long::sum);
        continue;
      }
      Scored scored =
          new Scored(host.name(), cost(host, domains), shareLeft(demand.amount(), host));
      if (best.isEmpty() || BEST.compare(scored, best.get()) > 0) {
        best = Optional.of(scored);
      }
    }
    return best.<Decision>map(b -> new Decision.Chosen(b.host()))
        .orElseGet(() -> new Decision.Nowhere(reasons));
  }

  private static Optional<Decision.Reason> rejection(
      Demand demand, Candidate host, List<Domains> domains) {
    if (!host.labels().entrySet().containsAll(demand.hostSelector().entrySet())) {
      return Optional.of(Decision.Reason.SELECTOR_MISMATCH);
    }
    return switch (host.openness()) {
      case CORDONED -> Optional.of(Decision.Reason.CORDONED);
      case FENCED -> Optional.of(Decision.Reason.FENCED);
      case DISCONNECTED -> Optional.of(Decision.Reason.DISCONNECTED);
      case OPEN ->
          domains.stream()
              .flatMap(d -> d.objection(host).stream())
              .findFirst()
              .or(() -> shortage(demand.amount(), host.free()));
    };
  }

  private static long cost(Candidate host, List<Domains> domains) {
    return domains.stream().mapToLong(d -> d.cost(host)).sum();
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

  private record Scored(String host, long cost, double share) {}
}
