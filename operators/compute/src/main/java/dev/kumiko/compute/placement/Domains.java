package dev.kumiko.compute.placement;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The failure domains of one rule, and how many of the machines that it is about are in each.
 *
 * @param counts by domain
 * @param isFirst whether no such machine is on any host
 * @param fewest such machines in any of the domains that count for a spread
 */
record Domains(Rule rule, Map<String, Long> counts, boolean isFirst, long fewest) {

  static Domains of(Rule rule, Collection<Candidate> hosts, Map<String, Long> neighbours) {
    Map<String, Long> counts = new HashMap<>();
    boolean isFirst = true;
    for (Candidate host : hosts) {
      Long there = neighbours.get(host.name());
      if (there != null) {
        isFirst = false;
        host.domain(rule.topologyKey()).ifPresent(domain -> counts.merge(domain, there, Long::sum));
      }
    }
    return new Domains(rule, counts, isFirst, Long.MAX_VALUE);
  }

  /**
   * The same, when only these hosts may take the machine: a domain that none of them is in, as its
   * hosts failed or are of another sort, holds no spread up.
   */
  Domains among(Collection<Candidate> hosts) {
    long least =
        hosts.stream().flatMap(h -> there(h).stream()).min(Long::compare).orElse(Long.MAX_VALUE);
    return new Domains(rule, counts, isFirst, least);
  }

  /** What a required rule has against the host. */
  Optional<Decision.Reason> objection(Candidate host) {
    if (!rule.isRequired() || there(host).filter(this::isMet).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (rule.sort()) {
          case TOGETHER -> Decision.Reason.AFFINITY_UNMET;
          case APART -> Decision.Reason.ANTI_AFFINITY_UNMET;
          case SPREAD -> Decision.Reason.SPREAD_UNMET;
        });
  }

  private boolean isMet(long there) {
    return switch (rule.sort()) {
      case TOGETHER -> isFirst || there > 0;
      case APART -> there == 0;
      case SPREAD -> there <= fewest;
    };
  }

  private Optional<Long> there(Candidate host) {
    return host.domain(rule.topologyKey()).map(domain -> counts.getOrDefault(domain, 0L));
  }

  /** How much a preference is against the host: the least goes first, who is in no domain last. */
  long cost(Candidate host) {
    return rule.isRequired() ? 0 : there(host).map(this::cost).orElse(Long.MAX_VALUE);
  }

  private long cost(long there) {
    return switch (rule.sort()) {
      case TOGETHER, APART -> isMet(there) ? 0 : 1;
      case SPREAD -> there;
    };
  }
}
