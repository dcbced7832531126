package dev.kumiko.compute.placement;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a machine's rules find, and where the rules of others do not let it in.
 *
 * @param closed failure domains, by the label that makes them
 */
record Surroundings(List<Domains> domains, Map<String, Set<String>> closed) {
  static Surroundings of(Demand demand, Fleet fleet) {
    List<Domains> domains =
        demand.rules().stream()
            .map(rule ->
                Domains.of(rule, fleet.hosts(), fleet.neighbours().getOrDefault(rule, Map.of())))
            .toList();
    return new Surroundings(domains, closed(fleet));
  }

  private static Map<String, Set<String>> closed(Fleet fleet) {
    Map<String, Set<String>> closed = new HashMap<>();
    fleet
        .opposed()
        .forEach((key, opposed) -> {
          Set<String> domains = new HashSet<>();
          fleet.hosts().stream()
              .filter(host -> opposed.contains(host.name()))
              .forEach(host -> host.domain(key).ifPresent(domains::add));
          closed.put(key, domains);
        });
    return closed;
  }

  /** The same, when only these hosts may take the machine. */
  Surroundings among(Collection<Candidate> hosts) {
    return new Surroundings(domains.stream().map(d -> d.among(hosts)).toList(), closed);
  }

  /** Why the host may not take the machine. */
  Optional<Decision.Reason> objection(Candidate host) {
    return domains.stream()
        .flatMap(d -> d.objection(host).stream())
        .findFirst()
        .or(() ->
            isClosed(host)
                ? Optional.of(Decision.Reason.ANTI_AFFINITY_OF_OTHERS)
                : Optional.empty());
  }

  private boolean isClosed(Candidate host) {
    return closed.entrySet().stream()
        .anyMatch(e -> host.domain(e.getKey()).filter(e.getValue()::contains).isPresent());
  }

  /** How much each of the preferences is against the host. */
  List<Long> costs(Candidate host) {
    return domains.stream().map(d -> d.cost(host)).toList();
  }
}
