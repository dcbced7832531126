package dev.kumiko.compute.placement;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The hosts as a machine that is to be placed finds them.
 *
 * @param neighbours for each of its rules, how many of the machines that it is about are on a host
 * @param opposed hosts with machines whose own rules say that they must be apart from this one, by
 *     the topologyKey of these rules
 * @param spared loss of how many hosts there is to be room for
 * @param excluded hosts that are not to be chosen, by name
 */
public record Fleet(
    List<Candidate> hosts,
    Map<Rule, Map<String, Long>> neighbours,
    Map<String, Set<String>> opposed,
    int spared,
    Set<String> excluded) {
  public Fleet {
    hosts = List.copyOf(hosts);
    neighbours = Map.copyOf(neighbours);
    opposed = Map.copyOf(opposed);
    excluded = Set.copyOf(excluded);
  }

  public Fleet(List<Candidate> hosts, Map<Rule, Map<String, Long>> neighbours, int spared) {
    this(hosts, neighbours, Map.of(), spared, Set.of());
  }

  /** The same hosts, of which only these may be chosen. */
  public Fleet among(Predicate<String> allowed) {
    Set<String> others =
        hosts.stream().map(Candidate::name).filter(allowed.negate()).collect(Collectors.toSet());
    return new Fleet(hosts, neighbours, opposed, spared, others);
  }

  List<Candidate> choice() {
    return hosts.stream().filter(host -> !excluded.contains(host.name())).toList();
  }

  public static Fleet of(Collection<Candidate> hosts) {
    return new Fleet(List.copyOf(hosts), Map.of(), 0);
  }

  /**
   * Whether what is free after the guest could still take the guests of any {@code spared} hosts.
   * As what is free on the rest must be at least what was promised on the lost, all that is free
   * must be at least what the lost have free and have promised: those with the most count. Where no
   * guest may come nothing is free, but guests are there that can lose their host. In sums; how
   * guests fit onto hosts one by one, and what they ask of them, is not looked at.
   */
  boolean keepsReserve(Amount guest) {
    return spared == 0
        || (isKept(guest.vcpus(), Amount::vcpus)
            && isKept(guest.memoryKibibytes(), Amount::memoryKibibytes));
  }

  private boolean isKept(long guest, ToLongFunction<Amount> of) {
    long free = hosts.stream().mapToLong(h -> room(h, of)).sum();
    long lost =
        hosts.stream()
            .map(h -> of.applyAsLong(h.allocated()) + room(h, of))
            .sorted(Comparator.reverseOrder())
            .limit(spared)
            .mapToLong(Long::longValue)
            .sum();
    return free - guest >= lost;
  }

  /** A host may have become smaller than its promises. */
  private static long room(Candidate host, ToLongFunction<Amount> of) {
    return host.openness() == Candidate.Openness.OPEN
        ? Math.max(0, of.applyAsLong(host.free()))
        : 0;
  }
}
