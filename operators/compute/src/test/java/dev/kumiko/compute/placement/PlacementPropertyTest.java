package dev.kumiko.compute.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.placement.Candidate.Openness;
import dev.kumiko.compute.placement.Rule.Sort;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for every placement, whatever the hosts, machines and rules are. */
final class PlacementPropertyTest {
  private static final int SEEDS = 400;
  private static final Map<String, String> WEB = Map.of("app", "web");

  @Test
  void noGuestIsEverPlacedAgainstCapacityOrARule() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      Map<String, Candidate> hosts = hosts(random);
      Map<String, Long> web = new HashMap<>();
      for (int i = 0; i < 40; i++) {
        Demand demand = demand(random);
        Fleet fleet = fleet(hosts, web, demand, random.nextInt(3));
        Decision decision = Placement.place(demand, fleet);
        assertThat(decision).as("seed %d", seed).isEqualTo(shuffled(demand, fleet, random));
        switch (decision) {
          case Decision.Chosen(String name) -> {
            Candidate host = Objects.requireNonNull(hosts.get(name));
            assertThat(fits(demand, host, hosts, web)).as("seed %d, %s", seed, name).isTrue();
            assertThat(demand.mayUseReserve() || fleet.keepsReserve(demand.amount())).isTrue();
            hosts.computeIfPresent(name, (n, h) -> h.with(demand.amount()));
            web.merge(name, 1L, Long::sum);
          }
          case Decision.Nowhere(Map<Decision.Reason, Long> reasons) -> {
            assertThat(reasons.values().stream().mapToLong(n -> n).sum()).isEqualTo(hosts.size());
            boolean isReserved = !demand.mayUseReserve() && !fleet.keepsReserve(demand.amount());
            assertThat(
                    !isReserved
                        && hosts.values().stream().anyMatch(h -> fits(demand, h, hosts, web)))
                .as("seed %d: nowhere, although a host fits", seed)
                .isFalse();
          }
        }
      }
    }
  }

  /** By the processor time of the thread, so that what else runs does not count. */
  @Test
  void tenThousandGuestsOnFiveHundredHostsTakeUnderFiveSeconds() {
    Map<String, Candidate> hosts = new LinkedHashMap<>();
    for (int i = 0; i < 500; i++) {
      hosts.put("h" + i, host("h" + i, "rack" + i % 20, Openness.OPEN, 128, 1 << 20));
    }
    Rule spread = new Rule(Sort.SPREAD, false, "rack", WEB);
    Map<String, Long> web = new HashMap<>();
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (int i = 0; i < 10_000; i++) {
      Demand demand =
          new Demand(
              new Amount(1 + i % 4, 1024L * (1 + i % 7)),
              Map.of(),
              i % 10 == 0 ? List.of(spread) : List.of(),
              false);
      Fleet fleet = new Fleet(List.copyOf(hosts.values()), Map.of(spread, web), 1);
      Decision.Chosen chosen = (Decision.Chosen) Placement.place(demand, fleet);
      hosts.computeIfPresent(chosen.host(), (name, h) -> h.with(demand.amount()));
      if (i % 10 == 0) {
        web.merge(chosen.host(), 1L, Long::sum);
      }
    }
    Duration taken =
        Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);
    System.out.println("10,000 guests placed on 500 hosts in " + taken.toMillis() + " ms");
    assertThat(taken).isLessThan(Duration.ofSeconds(5));
  }

  private static Decision shuffled(Demand demand, Fleet fleet, Random random) {
    List<Candidate> hosts = new ArrayList<>(fleet.hosts());
    Collections.shuffle(hosts, random);
    return Placement.place(demand, new Fleet(hosts, fleet.neighbours(), fleet.spared()));
  }

  private static Fleet fleet(
      Map<String, Candidate> hosts, Map<String, Long> web, Demand demand, int spared) {
    Map<Rule, Map<String, Long>> neighbours = new HashMap<>();
    demand.rules().forEach(rule -> neighbours.put(rule, Map.copyOf(web)));
    return new Fleet(List.copyOf(hosts.values()), neighbours, spared);
  }

  /** Said once more, in the plainest way. */
  private static boolean fits(
      Demand demand, Candidate host, Map<String, Candidate> hosts, Map<String, Long> web) {
    return host.openness() == Openness.OPEN
        && host.labels().entrySet().containsAll(demand.hostSelector().entrySet())
        && host.allocated().vcpus() + demand.amount().vcpus() <= host.allocatable().vcpus()
        && host.allocated().memoryKibibytes() + demand.amount().memoryKibibytes()
            <= host.allocatable().memoryKibibytes()
        && demand.rules().stream()
            .filter(Rule::isRequired)
            .allMatch(rule -> isMet(rule, host, hosts, web));
  }

  private static boolean isMet(
      Rule rule, Candidate host, Map<String, Candidate> hosts, Map<String, Long> web) {
    long inDomain =
        web.entrySet().stream()
            .filter(e ->
                domain(rule, Objects.requireNonNull(hosts.get(e.getKey())))
                    .equals(domain(rule, host)))
            .mapToLong(Map.Entry::getValue)
            .sum();
    return switch (rule.sort()) {
      case TOGETHER -> web.isEmpty() || inDomain > 0;
      case APART -> inDomain == 0;
      case SPREAD -> true;
    };
  }

  private static String domain(Rule rule, Candidate host) {
    return rule.topologyKey().isEmpty()
        ? host.name()
        : host.labels().getOrDefault(rule.topologyKey(), "");
  }

  private static Demand demand(Random random) {
    List<Rule> rules = new ArrayList<>();
    for (Sort sort : Sort.values()) {
      if (random.nextInt(3) == 0) {
        rules.add(
            new Rule(
                sort,
                sort != Sort.SPREAD && random.nextBoolean(),
                random.nextBoolean() ? "" : "rack",
                WEB));
      }
    }
    return new Demand(
        new Amount(1 + random.nextInt(4), 1 + random.nextInt(40)),
        random.nextInt(4) == 0 ? Map.of("rack", "r1") : Map.of(),
        rules,
        random.nextBoolean());
  }

  private static Map<String, Candidate> hosts(Random random) {
    Map<String, Candidate> hosts = new LinkedHashMap<>();
    for (int i = 0; i < 2 + random.nextInt(10); i++) {
      hosts.put(
          "h" + i,
          host(
              "h" + i,
              "r" + random.nextInt(3),
              List.of(Openness.values()).get(Math.max(0, random.nextInt(8) - 4)),
              4 + random.nextInt(24),
              50 + random.nextInt(400)));
    }
    return hosts;
  }

  private static Candidate host(
      String name, String rack, Openness openness, long vcpus, long memory) {
    return new Candidate(
        name, Map.of("rack", rack), openness, new Amount(vcpus, memory), Amount.NOTHING);
  }
}
