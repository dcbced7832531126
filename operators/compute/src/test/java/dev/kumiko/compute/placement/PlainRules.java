package dev.kumiko.compute.placement;

import dev.kumiko.compute.placement.Candidate.Openness;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * What a placement has to keep to, said once more in the plainest way and by trying everything.
 *
 * @param isMeant whether the rules of others are about the machine that is to be placed
 * @param placed the others that are on a host
 */
record PlainRules(Demand demand, Fleet fleet, boolean isMeant, List<Placed> placed) {
  /**
   * A machine that is on a host.
   *
   * @param isMeant whether the rules of others are about it: all rules are about the same machines
   * @param rules its own
   */
  record Placed(String host, boolean isMeant, List<Rule> rules) {}

  List<String> fitting() {
    return fleet.choice().stream()
        .filter(this::mayTake)
        .filter(h -> rules(Rule.Sort.SPREAD).stream().allMatch(rule -> isEven(rule, h)))
        .filter(this::hasRoom)
        .filter(h -> demand.mayUseReserve() || everyLossIsBorne(h))
        .map(Candidate::name)
        .toList();
  }

  /** Whatever room it has. */
  private boolean mayTake(Candidate host) {
    return host.openness() == Openness.OPEN
        && host.labels().entrySet().containsAll(demand.hostSelector().entrySet())
        && host.cpuModels().containsAll(demand.cpuModel().stream().toList())
        && rules(Rule.Sort.TOGETHER).stream()
            .allMatch(rule ->
                domain(rule, host).isPresent()
                    && (placed.stream().noneMatch(Placed::isMeant) || in(rule, host) > 0))
        && rules(Rule.Sort.APART).stream()
            .allMatch(rule -> domain(rule, host).isPresent() && in(rule, host) == 0)
        && rules(Rule.Sort.SPREAD).stream().allMatch(rule -> domain(rule, host).isPresent())
        && (!isMeant || placed.stream().noneMatch(other -> isOpposed(other, host)));
  }

  /** Whether the other, if it were placed after this one, could not come where it is. */
  private boolean isOpposed(Placed other, Candidate host) {
    Candidate there =
        fleet.hosts().stream().filter(h -> h.name().equals(other.host())).findFirst().orElseThrow();
    return required(other.rules(), Rule.Sort.APART).stream()
        .anyMatch(rule ->
            domain(rule, host).isPresent() && domain(rule, host).equals(domain(rule, there)));
  }

  private boolean isEven(Rule rule, Candidate host) {
    OptionalLong least =
        fleet.hosts().stream().filter(this::mayTake).mapToLong(h -> in(rule, h)).min();
    return in(rule, host) == least.orElseThrow();
  }

  private boolean hasRoom(Candidate host) {
    Amount sum = host.allocated().plus(demand.amount());
    return sum.vcpus() <= host.allocatable().vcpus()
        && sum.memoryKibibytes() <= host.allocatable().memoryKibibytes();
  }

  /** Loses every set of hosts, after the guest came. */
  private boolean everyLossIsBorne(Candidate chosen) {
    List<Candidate> after =
        fleet.hosts().stream()
            .map(h -> h.name().equals(chosen.name()) ? h.with(demand.amount()) : h)
            .toList();
    return IntStream.range(0, 1 << after.size())
        .filter(lost -> Integer.bitCount(lost) == Math.min(fleet.spared(), after.size()))
        .allMatch(lost ->
            isBorne(after, lost, Amount::vcpus) && isBorne(after, lost, Amount::memoryKibibytes));
  }

  private static boolean isBorne(List<Candidate> hosts, int lost, ToLongFunction<Amount> of) {
    long homeless = 0;
    long room = 0;
    for (int i = 0; i < hosts.size(); i++) {
      Candidate host = hosts.get(i);
      if ((lost & 1 << i) != 0) {
        homeless += of.applyAsLong(host.allocated());
      } else if (host.openness() == Openness.OPEN) {
        room += Math.max(0, of.applyAsLong(host.allocatable().minus(host.allocated())));
      }
    }
    return homeless <= room;
  }

  private List<Rule> rules(Rule.Sort sort) {
    return required(demand.rules(), sort);
  }

  private static List<Rule> required(List<Rule> rules, Rule.Sort sort) {
    return rules.stream().filter(r -> r.isRequired() && r.sort() == sort).toList();
  }

  private long in(Rule rule, Candidate host) {
    return fleet.hosts().stream()
        .filter(h -> domain(rule, h).isPresent() && domain(rule, h).equals(domain(rule, host)))
        .mapToLong(
            h -> placed.stream().filter(p -> p.isMeant() && p.host().equals(h.name())).count())
        .sum();
  }

  private static Optional<String> domain(Rule rule, Candidate host) {
    return rule.topologyKey().isEmpty()
        ? Optional.of(host.name())
        : Optional.ofNullable(host.labels().get(rule.topologyKey()));
  }
}
