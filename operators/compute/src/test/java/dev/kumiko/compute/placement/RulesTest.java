package dev.kumiko.compute.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.placement.Candidate.Openness;
import dev.kumiko.compute.placement.Rule.Sort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  void whoMustBeApartKeepsOthersOutOfItsDomain() {
    assertThat(placeAmong(HOSTS, Map.of("", Set.of("a1")))).isEqualTo(chosen("a2"));
    assertThat(placeAmong(HOSTS, Map.of(RACK, Set.of("a2")))).isEqualTo(chosen("b1"));
    assertThat(placeAmong(HOSTS, Map.of(RACK, Set.of("a1"), "", Set.of("b1"))))
        .isEqualTo(chosen("b2"));
    assertThat(placeAmong(HOSTS, Map.of(RACK, Set.of("a1", "b2"))))
        .isEqualTo(new Decision.Nowhere(Map.of(Decision.Reason.ANTI_AFFINITY_OF_OTHERS, 4L)));
  }

  @Test
  void whoMustBeApartKeepsNobodyOffAHostInNoDomain() {
    Candidate bare = host("bare", "", 5);
    List<Candidate> hosts = List.of(bare, host("a1", "a", 9), host("a2", "a", 8));
    assertThat(placeAmong(hosts, Map.of(RACK, Set.of("a1")))).isEqualTo(chosen("bare"));
    assertThat(placeAmong(List.of(bare), Map.of(RACK, Set.of("bare")))).isEqualTo(chosen("bare"));
  }

  /** As the first that is against it is counted. */
  @Test
  void whatTheMachineAsksItselfIsSaidBeforeWhatOthersAsk() {
    Rule apart = rule(Sort.APART, true, "");
    Fleet fleet =
        new Fleet(
            HOSTS,
            Map.of(apart, Map.of("a1", 1L, "a2", 1L)),
            Map.of(RACK, Set.of("a1", "b1")),
            0,
            Set.of());
    Demand demand = new Demand(new Amount(1, 1), Map.of(), Optional.empty(), List.of(apart), false);
    assertThat(Placement.place(demand, fleet))
        .isEqualTo(
            new Decision.Nowhere(
                Map.of(
                    Decision.Reason.ANTI_AFFINITY_UNMET,
                    2L,
                    Decision.Reason.ANTI_AFFINITY_OF_OTHERS,
                    2L)));
  }

  @Test
  void aDomainThatOthersKeepClosedHoldsNoRequiredSpreadUp() {
    Rule spread = rule(Sort.SPREAD, true, RACK);
    Fleet fleet =
        new Fleet(HOSTS, Map.of(spread, Map.of("a1", 3L)), Map.of(RACK, Set.of("b1")), 0, Set.of());
    Demand demand =
        new Demand(new Amount(1, 1), Map.of(), Optional.empty(), List.of(spread), false);
    assertThat(Placement.place(demand, fleet)).isEqualTo(chosen("a1"));
  }

  private static Decision placeAmong(List<Candidate> hosts, Map<String, Set<String>> opposed) {
    return Placement.place(
        Demand.of(new Amount(1, 1), Map.of()), new Fleet(hosts, Map.of(), opposed, 0, Set.of()));
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

  @Test
  void aRequiredSpreadRatherGoesNowhereThanWhereThereAreMore() {
    Candidate full =
        new Candidate(
            "c1",
            Map.of(RACK, "c"),
            List.of(),
            Openness.OPEN,
            new Amount(2, 1 << 20),
            new Amount(2, 1));
    List<Candidate> hosts = List.of(host("a1", "a", 9), full);
    Map<String, Long> one = Map.of("a1", 1L);
    assertThat(place(hosts, rule(Sort.SPREAD, true, RACK), one))
        .isEqualTo(
            new Decision.Nowhere(
                Map.of(Decision.Reason.SPREAD_UNMET, 1L, Decision.Reason.INSUFFICIENT_VCPUS, 1L)));
    assertThat(place(hosts, rule(Sort.SPREAD, false, RACK), one)).isEqualTo(chosen("a1"));
  }

  @Test
  void aDomainThatFailedHoldsNoRequiredSpreadUp() {
    Candidate fenced =
        new Candidate(
            "c1", Map.of(RACK, "c"), List.of(), Openness.FENCED, new Amount(9, 9), Amount.NOTHING);
    assertThat(
            place(
                List.of(host("a1", "a", 9), host("b1", "b", 7), fenced),
                rule(Sort.SPREAD, true, RACK),
                Map.of("a1", 2L, "b1", 1L)))
        .isEqualTo(chosen("b1"));
  }

  @Test
  void whereAGuestThatMovesIsCountsForItsSpreadToo() {
    Rule spread = rule(Sort.SPREAD, true, "");
    Map<String, Long> others = Map.of("a2", 1L, "b1", 1L, "b2", 1L);
    Fleet fleet = new Fleet(HOSTS, Map.of(spread, others), 0).among(host -> !host.equals("a1"));
    assertThat(
            Placement.place(
                new Demand(new Amount(1, 1), Map.of(), Optional.empty(), List.of(spread), true),
                fleet))
        .isEqualTo(new Decision.Nowhere(Map.of(Decision.Reason.SPREAD_UNMET, 3L)));
  }

  @Test
  void aHostInNoDomainIsNoneForARequiredSpread() {
    Candidate bare = host("bare", "", 99);
    assertThat(
            place(
                List.of(bare, host("b2", "b", 6)), rule(Sort.SPREAD, true, RACK), Map.of("b2", 5L)))
        .isEqualTo(chosen("b2"));
    assertThat(place(List.of(bare), rule(Sort.SPREAD, true, RACK), Map.of()))
        .isEqualTo(new Decision.Nowhere(Map.of(Decision.Reason.SPREAD_UNMET, 1L)));
  }

  @Test
  void theMessageSaysWhatToDoAboutTheHostsThatCameClosest() {
    assertThat(
            new Decision.Nowhere(
                    Map.of(Decision.Reason.FENCED, 2L, Decision.Reason.KEPT_IN_RESERVE, 1L))
                .message())
        .isEqualTo(
            "3 hosts: 2 Fenced, 1 KeptInReserve: what is free is kept for the loss of Hosts: add"
                + " one, free some room, or spare fewer");
  }

  @Test
  void hostsThatWereLeftOutBeforeAreCountedAndCameLeastClose() {
    Decision.Nowhere nowhere = new Decision.Nowhere(Map.of(Decision.Reason.CORDONED, 1L));
    assertThat(nowhere.with(Decision.Reason.VIRTUALIZATION_DIFFERS, 0)).isEqualTo(nowhere);
    assertThat(nowhere.with(Decision.Reason.VIRTUALIZATION_DIFFERS, 2).message())
        .isEqualTo(
            "3 hosts: 2 VirtualizationDiffers, 1 Cordoned: set spec.mode of a Host to Active");
  }

  @Test
  void theFirstOfMachinesThatBelongTogetherGoesWhereOthersCanFollow() {
    Candidate bare = host("bare", "", 99);
    List<Candidate> hosts = List.of(bare, host("b2", "b", 6));
    assertThat(place(hosts, rule(Sort.TOGETHER, true, RACK), Map.of())).isEqualTo(chosen("b2"));
    assertThat(place(hosts, rule(Sort.TOGETHER, false, RACK), Map.of())).isEqualTo(chosen("b2"));
  }

  @Test
  void aMachineInNoDomainIsOneThatNobodyCanBeTogetherWith() {
    Candidate bare = host("bare", "", 99);
    List<Candidate> hosts = List.of(bare, host("b2", "b", 6));
    assertThat(place(hosts, rule(Sort.TOGETHER, true, RACK), Map.of("bare", 1L)))
        .isEqualTo(new Decision.Nowhere(Map.of(Decision.Reason.AFFINITY_UNMET, 2L)));
  }

  @Test
  void aHostInNoDomainComesAfterOneAgainstThePreference() {
    Candidate bare = host("bare", "", 99);
    List<Candidate> hosts = List.of(bare, host("a1", "a", 5), host("b2", "b", 6));
    assertThat(place(hosts, rule(Sort.APART, false, RACK), Map.of("a1", 1L, "b2", 1L)))
        .isEqualTo(chosen("b2"));
    assertThat(
            place(
                List.of(bare, host("b2", "b", 6)),
                rule(Sort.TOGETHER, false, RACK),
                Map.of("bare", 1L)))
        .isEqualTo(chosen("b2"));
  }

  @Test
  void anEarlierPreferenceWeighsMoreThanALaterOne() {
    Rule together = rule(Sort.TOGETHER, false, RACK);
    Rule spread = rule(Sort.SPREAD, false, "");
    Map<Rule, Map<String, Long>> neighbours =
        Map.of(together, Map.of("b1", 1L), spread, Map.of("b1", 4L, "b2", 3L));
    assertThat(
            Placement.place(
                new Demand(
                    new Amount(1, 1), Map.of(), Optional.empty(), List.of(together, spread), false),
                new Fleet(HOSTS, neighbours, 0)))
        .isEqualTo(chosen("b2"));
  }

  @Test
  void theGuestsOfAClosedHostNeedRoomTooWhenItIsLost() {
    Candidate cordoned =
        new Candidate(
            "c1",
            Map.of(),
            List.of(),
            Openness.CORDONED,
            new Amount(9, 1 << 20),
            new Amount(9, 1 << 10));
    Fleet fleet = new Fleet(List.of(cordoned, host("a1", "a", 6), host("a2", "a", 6)), Map.of(), 1);
    assertThat(place(fleet, 3, false)).isEqualTo(chosen("a1"));
    assertThat(place(fleet, 4, false))
        .isEqualTo(
            new Decision.Nowhere(
                Map.of(Decision.Reason.CORDONED, 1L, Decision.Reason.KEPT_IN_RESERVE, 2L)));
  }

  @Test
  void whatAHostPromisedBeyondItselfTakesNothingFromOthers() {
    Candidate shrunk =
        new Candidate(
            "s1",
            Map.of(),
            List.of(),
            Openness.OPEN,
            new Amount(2, 1 << 20),
            new Amount(6, 1 << 10));
    Fleet fleet = new Fleet(List.of(shrunk, host("a1", "a", 8), host("a2", "a", 8)), Map.of(), 1);
    assertThat(place(fleet, 8, false)).isEqualTo(chosen("a1"));
  }

  private static Decision place(Fleet fleet, long vcpus, boolean mayUseReserve) {
    return Placement.place(
        new Demand(new Amount(vcpus, 1), Map.of(), Optional.empty(), List.of(), mayUseReserve),
        fleet);
  }

  private static Decision place(Rule rule, Map<String, Long> neighbours) {
    return place(HOSTS, rule, neighbours);
  }

  private static Decision place(List<Candidate> hosts, Rule rule, Map<String, Long> neighbours) {
    return Placement.place(
        new Demand(new Amount(1, 1), Map.of(), Optional.empty(), List.of(rule), false),
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
        List.of(),
        Openness.OPEN,
        new Amount(vcpus, 1 << 20),
        Amount.NOTHING);
  }
}
