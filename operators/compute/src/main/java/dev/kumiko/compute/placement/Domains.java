package dev.kumiko.compute.placement;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The failure domains of one rule, and how many of the machines that it is about are in each.
 *
 * @param counts by domain; none: no such machine is placed
 */
record Domains(Rule rule, Map<String, Long> counts) {

  static Domains of(Rule rule, Collection<Candidate> hosts, Map<String, Long> neighbours) {
    Map<String, Long> counts = new HashMap<>();
    for (Candidate host : hosts) {
      Long there = neighbours.get(host.name());
      if (there != null) {
        domain(rule, host).ifPresent(domain -> counts.merge(domain, there, Long::sum));
      }
    }
    return new Domains(rule, counts);
  }

  /** A host without the label is in no domain. */
  private static Optional<String> domain(Rule rule, Candidate host) {
    return rule.topologyKey().isEmpty()
        ? Optional.of(host.name())
        : Optional.ofNullable(host.labels().get(rule.topologyKey()));
  }

  /** What a required rule has against the host. */
  Optional<Decision.Reason> objection(Candidate host) {
    if (!rule.isRequired() || isMet(host)) {
      return Optional.empty();
    }
    return switch (rule.sort()) {
      case TOGETHER -> Optional.of(Decision.Reason.AFFINITY_UNMET);
      case APART -> Optional.of(Decision.Reason.ANTI_AFFINITY_UNMET);
      case SPREAD -> Optional.empty();
    };
  }

  private boolean isMet(Candidate host) {
    Optional<Long> there = there(host);
    return switch (rule.sort()) {
      case TOGETHER -> counts.isEmpty() || there.filter(n -> n > 0).isPresent();
      case APART -> there.filter(n -> n == 0).isPresent();
      case SPREAD -> true;
    };
  }

  private Optional<Long> there(Candidate host) {
    return domain(rule, host).map(domain -> counts.getOrDefault(domain, 0L));
  }

  /** How much the rule is against the host; the least goes first. */
  long cost(Candidate host) {
    return switch (rule.sort()) {
      case TOGETHER, APART -> isMet(host) ? 0 : 1;
      case SPREAD -> there(host).orElse(Long.MAX_VALUE / Integer.MAX_VALUE);
    };
  }
}
