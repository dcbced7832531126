package dev.kumiko.compute.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.placement.Candidate.Openness;
import dev.kumiko.compute.placement.Rule.Sort;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Machines near and far from each other, and room for the loss of hosts. */
final class RulesTest {
  private static final Map<String, String> WEB = Map.of("app", "web");
  private static final String RACK = "rack";

  /** Two racks of two hosts; the first has the most room. */
  private static final List<Candidate> HOSTS =
      List.of(host("a1", "a", 9), host("a2", "a", 8), host("b1", "b", 7), host("b2", "b", 6));

  @Test
  void apartIsWhereNoneIsInTheWholeDomain() {
    assertThat(place(rule(Sort.APART, true, ""), Map.of("a1", 1L))).isEqualTo(chosen("a2"));
    assertThat(place(rule(Sort.APART, true, RACK), Map.of("a1", 1L))).isEqualTo(chosen("b1"));
    assertThat(place(rule(Sort.APART, true, RACK), Map.of("a1", 1L, "b2", 1L)))
        .isEqualTo(new Decision.Nowhere(Map.of(Decision.Reason.ANTI_AFFINITY_UNMET, 4L)));
  }

  @Test
  void apartAsAPreferenceGoesSomewhere() {
    assertThat(place(rule(Sort.APART, false, RACK), Map.of("a1", 1L, "b2", 1L)))
        .isEqualTo(chosen("a1"));
    assertThat(place(rule(Sort.APART, false, RACK), Map.of("a1", 1L))).isEqualTo(chosen("b1"));
  }

  @Test
  void togetherIsWhereTheyAreAndAnywhereForTheFirst() {
    assertThat(place(rule(Sort.TOGETHER, true, RACK), Map.of("b2", 1L))).isEqualTo(chosen("b1"));
    assertThat(place(rule(Sort.TOGETHER, true, ""), Map.of("b2", 1L))).isEqualTo(chosen("b2"));
    assertThat(place(rule(Sort.TOGETHER, true, ""), Map.of())).isEqualTo(chosen("a1"));
    assertThat(place(rule(Sort.TOGETHER, true, RACK), Map.of("elsewhere", 1L)))
        .as("on no host that there is")
        .isEqualTo(chosen("a1"));
  }

  @Test
  void spreadIsWhereTheFewestAre() {
    assertThat(place(rule(Sort.SPREAD, false, RACK), Map.of("a1", 1L, "b1", 2L)))
        .isEqualTo(chosen("a1"));
    assertThat(place(rule(Sort.SPREAD, false, RACK), Map.of("a1", 1L, "a2", 1L, "b1", 1L)))
        .isEqualTo(chosen("b1"));
    assertThat(place(rule(Sort.SPREAD, false, ""), Map.of("a1", 1L, "a2", 1L)))
        .isEqualTo(chosen("b1"));
  }

  @Test
  void aHostInNoDomainIsTheLastChoiceAndNoneForARequiredRule() {
    Candidate bare = host("bare", "", 99);
    List<Candidate> hosts = List.of(bare, host("b2", "b", 6));
    assertThat(place(hosts, rule(Sort.SPREAD, false, RACK), Map.of("b2", 5L)))
        .isEqualTo(chosen("b2"));
    assertThat(place(hosts, rule(Sort.APART, true, RACK), Map.of())).isEqualTo(chosen("b2"));
    assertThat(place(List.of(bare), rule(Sort.APART, true, RACK), Map.of()))
        .isInstanceOf(Decision.Nowhere.class);
  }

  @Test
  void whatTheLargestHostHasIsKeptFreeForItsLoss() {
    Fleet fleet = new Fleet(HOSTS, Map.of(), 1);
    // 30 vCPUs in all, of which a1 has 9
    assertThat(place(fleet, 9, false)).isEqualTo(chosen("a1"));
    Fleet used = new Fleet(List.of(host("a1", "a", 9), host("a2", "a", 8)), Map.of(), 1);
    assertThat(place(used, 8, false)).isEqualTo(chosen("a1"));
    assertThat(place(used, 9, false))
        .isEqualTo(
            new Decision.Nowhere(
                Map.of(
                    Decision.Reason.KEPT_IN_RESERVE, 1L, Decision.Reason.INSUFFICIENT_VCPUS, 1L)));
    assertThat(place(used, 9, true)).as("who lost its host may").isEqualTo(chosen("a1"));
  }

  private static Decision place(Fleet fleet, long vcpus, boolean mayUseReserve) {
    return Placement.place(
        new Demand(new Amount(vcpus, 1), Map.of(), List.of(), mayUseReserve), fleet);
  }

  private static Decision place(Rule rule, Map<String, Long> neighbours) {
    return place(HOSTS, rule, neighbours);
  }

  private static Decision place(List<Candidate> hosts, Rule rule, Map<String, Long> neighbours) {
    return Placement.place(
        new Demand(new Amount(1, 1), Map.of(), List.of(rule), false),
        new Fleet(hosts, Map.of(rule, neighbours), 0));
  }

  private static Rule rule(Sort sort, boolean isRequired, String topologyKey) {
    return new Rule(sort, isRequired, topologyKey, WEB);
  }

  private static Decision chosen(String host) {
    return new Decision.Chosen(host);
  }

  private static Candidate host(String name, String rack, long vcpus) {
    return new Candidate(
        name,
        rack.isEmpty() ? Map.of() : Map.of(RACK, rack),
        Openness.OPEN,
        new Amount(vcpus, 1 << 20),
        Amount.NOTHING);
  }
}
