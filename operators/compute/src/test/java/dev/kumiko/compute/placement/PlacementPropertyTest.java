package dev.kumiko.compute.placement;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.placement.Candidate.Openness;
import dev.kumiko.compute.placement.PlainRules.Placed;
import dev.kumiko.compute.placement.Rule.Sort;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for every placement, whatever the hosts, machines and rules are. */
final class PlacementPropertyTest {
  private static final int SEEDS = 400;
  private static final String OLDER = "EPYC";
  private static final String NEWER = "EPYC-v2";
  private static final Map<String, String> WEB = Map.of("app", "web");

  @Test
  void aHostIsChosenIfAndOnlyIfOneFitsAndItIsOneThatFits() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      boolean leavesH1 = seed % 2 == 0;
      Map<String, Candidate> hosts = hosts(random);
      List<Placed> placed = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Demand demand = demand(random);
        boolean isWeb = random.nextInt(3) > 0;
        Fleet fleet =
            fleet(hosts, placed, isWeb, demand, random.nextInt(3))
                .among(name -> !leavesH1 || !name.equals("h1"));
        Decision decision = Placement.place(demand, fleet);
        assertThat(shuffled(demand, fleet, random)).as("seed %d", seed).isEqualTo(decision);
        PlainRules rules = new PlainRules(demand, fleet, isWeb, placed);
        switch (decision) {
          case Decision.Chosen(String name) -> {
            assertThat(rules.fitting()).as("seed %d", seed).contains(name);
            hosts.computeIfPresent(name, (n, h) -> h.with(demand.amount()));
            placed.add(new Placed(name, isWeb, demand.rules()));
          }
          case Decision.Nowhere(Map<Decision.Reason, Long> reasons) -> {
            assertThat(rules.fitting()).as("seed %d: nowhere", seed).isEmpty();
            assertThat(reasons.values().stream().mapToLong(n -> n).sum())
                .isEqualTo(fleet.choice().size());
          }
        }
      }
    }
  }

  /** By the processor time of the thread, so that what else runs does not count. */
  @Test
  void tenThousandGuestsOnFiveHundredHostsTakeUnderFiveSeconds() {
    List<String> models = IntStream.range(0, 150).mapToObj(i -> "EPYC-v" + i).toList();
    Map<String, Candidate> hosts = new LinkedHashMap<>();
    for (int i = 0; i < 500; i++) {
      hosts.put("h" + i, host("h" + i, "rack" + i % 20, models, Openness.OPEN, 128, 1 << 20));
    }
    Rule spread = new Rule(Sort.SPREAD, false, "rack", WEB);
    Map<String, Long> web = new HashMap<>();
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (int i = 0; i < 10_000; i++) {
      Demand demand =
          new Demand(
              new Amount(1 + i % 4, 1024L * (1 + i % 7)),
              Map.of(),
              i % 2 == 0 ? Optional.empty() : Optional.of("EPYC-v" + i % 150),
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
    return Placement.place(
        demand,
        new Fleet(hosts, fleet.neighbours(), fleet.opposed(), fleet.spared(), fleet.excluded()));
  }

  private static Fleet fleet(
      Map<String, Candidate> hosts, List<Placed> placed, boolean isWeb, Demand demand, int spared) {
    Map<String, Long> web =
        placed.stream().filter(Placed::isMeant).collect(groupingBy(Placed::host, counting()));
    Map<Rule, Map<String, Long>> neighbours = new HashMap<>();
    demand.rules().forEach(rule -> neighbours.put(rule, web));
    Map<String, Set<String>> opposed = new HashMap<>();
    for (Placed other : isWeb ? placed : List.<Placed>of()) {
      other.rules().stream()
          .filter(Rule::isRequiredApart)
          .forEach(rule ->
              opposed.computeIfAbsent(rule.topologyKey(), _ -> new HashSet<>()).add(other.host()));
    }
    return new Fleet(List.copyOf(hosts.values()), neighbours, opposed, spared, Set.of());
  }

  private static Demand demand(Random random) {
    List<Rule> rules = new ArrayList<>();
    for (Sort sort : Sort.values()) {
      if (random.nextInt(3) == 0) {
        rules.add(new Rule(sort, random.nextBoolean(), random.nextBoolean() ? "" : "rack", WEB));
      }
    }
    return new Demand(
        new Amount(1 + random.nextInt(4), 1 + random.nextInt(40)),
        random.nextInt(4) == 0 ? Map.of("rack", "r1") : Map.of(),
        random.nextInt(3) == 0 ? Optional.of(NEWER) : Optional.empty(),
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
                  random.nextInt(6) == 0 ? "" : "r" + random.nextInt(3),
                  random.nextBoolean() ? List.of(OLDER) : List.of(OLDER, NEWER),
                  List.of(Openness.values()).get(Math.max(0, random.nextInt(8) - 4)),
                  4 + random.nextInt(24),
                  50 + random.nextInt(400))
              .with(new Amount(random.nextInt(12), random.nextInt(60))));
    }
    return hosts;
  }

  /**
   * @param rack empty: in none
   */
  private static Candidate host(
      String name, String rack, List<String> models, Openness openness, long vcpus, long memory) {
    return new Candidate(
        name,
        rack.isEmpty() ? Map.of() : Map.of("rack", rack),
        models,
        openness,
        new Amount(vcpus, memory),
        Amount.NOTHING);
  }
}
