package dev.kumiko.compute.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.placement.Candidate.Openness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlacementTest {
  private static final Map<String, String> SSD = Map.of("disk", "ssd");

  @Test
  void theEmptiestHostIsChosen() {
    assertThat(
            Placement.place(
                demand(1, 10),
                Fleet.of(
                    List.of(
                        host("a", 8, 100, 4, 50),
                        host("b", 8, 100, 1, 20),
                        host("c", 8, 100, 6, 0)))))
        .isEqualTo(new Decision.Chosen("b"));
  }

  @Test
  void amongEqualHostsTheFirstNameIsChosenWhateverTheOrder() {
    List<Candidate> hosts =
        new ArrayList<>(
            List.of(host("h2", 8, 100, 0, 0), host("h1", 8, 100, 0, 0), host("h3", 8, 100, 0, 0)));
    for (int seed = 0; seed < 10; seed++) {
      Collections.shuffle(hosts, new Random(seed));
      assertThat(Placement.place(demand(1, 10), Fleet.of(hosts)))
          .isEqualTo(new Decision.Chosen("h1"));
    }
  }

  @Test
  void onlyHostsWithAllSelectedLabelsCount() {
    Demand demand = Demand.of(new Amount(1, 10), SSD);
    Candidate plain = host("a", 8, 100, 0, 0);
    Candidate fast =
        new Candidate("z", SSD, List.of(), Openness.OPEN, new Amount(2, 20), Amount.NOTHING);
    assertThat(Placement.place(demand, Fleet.of(List.of(plain, fast))))
        .isEqualTo(new Decision.Chosen("z"));
    assertThat(Placement.place(demand, Fleet.of(List.of(plain))))
        .isEqualTo(new Decision.Nowhere(Map.of(Decision.Reason.SELECTOR_MISMATCH, 1L)));
  }

  @Test
  void aHostThatCannotRunTheProcessorIsRejectedAsSuch() {
    Demand demand =
        new Demand(new Amount(1, 10), Map.of(), Optional.of("EPYC-v2"), List.of(), false);
    Candidate older = host("a", 8, 100, 0, 0);
    Candidate newer =
        new Candidate(
            "z",
            Map.of(),
            List.of("EPYC", "EPYC-v2"),
            Openness.OPEN,
            new Amount(2, 20),
            Amount.NOTHING);
    assertThat(Placement.place(demand, Fleet.of(List.of(older, newer))))
        .isEqualTo(new Decision.Chosen("z"));
    assertThat(((Decision.Nowhere) Placement.place(demand, Fleet.of(List.of(older)))).message())
        .isEqualTo(
            "1 host: 1 CpuModelMissing: ask for a cpuModel that status.cpuModels of the Hosts"
                + " lists");
  }

  @Test
  void rejectedHostsAreCountedByReasonMostFrequentFirst() {
    Decision decision =
        Placement.place(
            demand(2, 60),
            Fleet.of(
                List.of(
                    host("a", 8, 100, 0, 50),
                    host("b", 8, 100, 0, 41),
                    host("c", 8, 100, 7, 0),
                    new Candidate(
                        "d",
                        Map.of(),
                        List.of(),
                        Openness.CORDONED,
                        new Amount(8, 100),
                        Amount.NOTHING),
                    new Candidate(
                        "e",
                        Map.of(),
                        List.of(),
                        Openness.DISCONNECTED,
                        new Amount(8, 100),
                        Amount.NOTHING))));
    assertThat(((Decision.Nowhere) decision).message())
        .isEqualTo(
            "5 hosts: 2 InsufficientMemory, 1 Cordoned, 1 Disconnected, 1 InsufficientVcpus: free"
                + " some room, add a Host, or ask for less");
  }

  @Test
  void withoutHostsTheMessageSaysSo() {
    assertThat(((Decision.Nowhere) Placement.place(demand(1, 1), Fleet.of(List.of()))).message())
        .isEqualTo("no hosts: create a Host");
  }

  @Test
  void aGuestThatFitsExactlyFits() {
    assertThat(Placement.place(demand(3, 40), Fleet.of(List.of(host("a", 8, 100, 5, 60)))))
        .isEqualTo(new Decision.Chosen("a"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void neverMoreIsPromisedThanThereIsAndAHostIsFoundWhenOneFits(long seed) {
    Random random = new Random(seed);
    Map<String, Candidate> hosts = new LinkedHashMap<>();
    for (int i = 0; i < 12; i++) {
      hosts.put("h" + i, random(random, "h" + i));
    }
    for (int i = 0; i < 200; i++) {
      Demand demand =
          Demand.of(
              new Amount(1 + random.nextInt(4), 1 + random.nextInt(40)),
              random.nextBoolean() ? Map.of() : SSD);
      boolean somewhere = hosts.values().stream().anyMatch(h -> fits(demand, h));
      switch (Placement.place(demand, Fleet.of(hosts.values()))) {
        case Decision.Chosen chosen -> {
          Candidate host = Objects.requireNonNull(hosts.get(chosen.host()));
          assertThat(host).satisfies(h -> assertThat(fits(demand, h)).isTrue());
          hosts.put(chosen.host(), host.with(demand.amount()));
        }
        case Decision.Nowhere nowhere -> {
          assertThat(somewhere).isFalse();
          assertThat(nowhere.reasons().values().stream().mapToLong(n -> n).sum()).isEqualTo(12);
        }
      }
    }
  }

  private static boolean fits(Demand demand, Candidate host) {
    return host.openness() == Openness.OPEN
        && host.labels().entrySet().containsAll(demand.hostSelector().entrySet())
        && host.allocated().vcpus() + demand.amount().vcpus() <= host.allocatable().vcpus()
        && host.allocated().memoryKibibytes() + demand.amount().memoryKibibytes()
            <= host.allocatable().memoryKibibytes();
  }

  private static Candidate random(Random random, String name) {
    return new Candidate(
        name,
        random.nextBoolean() ? SSD : Map.of("disk", "hdd"),
        List.of(),
        List.of(Openness.values()).get(random.nextInt(Openness.values().length)),
        new Amount(8 + random.nextInt(24), 100 + random.nextInt(400)),
        Amount.NOTHING);
  }

  private static Demand demand(long vcpus, long memory) {
    return Demand.of(new Amount(vcpus, memory), Map.of());
  }

  private static Candidate host(
      String name, long vcpus, long memory, long usedVcpus, long usedMemory) {
    return new Candidate(
        name,
        Map.of(),
        List.of(),
        Openness.OPEN,
        new Amount(vcpus, memory),
        new Amount(usedVcpus, usedMemory));
  }
}
