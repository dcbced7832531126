package dev.kumiko.compute.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Migration;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SetbacksTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private final List<Migration> moves = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({"1,0", "2,0", "3,30", "4,60", "5,120", "6,240", "7,240", "20,240"})
  void whoFailsAgainAndAgainWaitsLonger(int failures, long seconds) {
    for (int i = 0; i < failures; i++) {
      failed("h" + (2 + i), NOW.minusSeconds(i));
    }
    assertThat(setbacks(NOW).pause().map(until -> Duration.between(NOW, until).toSeconds()))
        .isEqualTo(Optional.of(seconds).filter(s -> s > 0));
  }

  @Test
  void aTargetIsAvoidedForAWhile() {
    failed("h2", NOW.minusSeconds(31));
    failed("h3", NOW.minusSeconds(20));
    failed("h4", NOW.minusSeconds(2));
    assertThat(setbacks(NOW).avoided(NOW))
        .isEqualTo(Map.of("h3", NOW.plusSeconds(10), "h4", NOW.plusSeconds(28)));
  }

  @Test
  void theLastFailureAtATargetCounts() {
    failed("h2", NOW.minusSeconds(20));
    failed("h2", NOW.minusSeconds(5));
    assertThat(setbacks(NOW).avoided(NOW)).isEqualTo(Map.of("h2", NOW.plusSeconds(25)));
  }

  @Test
  void aTargetStaysOneOfThoseThatFailed() {
    failed("h2", NOW.minusSeconds(600));
    failed("h3", NOW.minusSeconds(200));
    failed("h2", NOW.minusSeconds(100));
    assertThat(setbacks(NOW).targets())
        .isEqualTo(Map.of("h2", NOW.minusSeconds(100), "h3", NOW.minusSeconds(200)));
    assertThat(setbacks(NOW).avoided(NOW)).isEmpty();
  }

  @Test
  void noMoreAreKeptThanCount() {
    for (int i = 0; i < 9; i++) {
      failed("h" + i, NOW.plusSeconds(i));
    }
    assertThat(setbacks(NOW).failed())
        .extracting(m -> m.observed().target())
        .containsExactly("h8", "h7", "h6", "h5", "h4", "h3");
  }

  @Test
  void allIsForgivenWhenTheLastWasLongAgo() {
    for (int i = 0; i < 4; i++) {
      failed("h2", NOW.minusSeconds(i * 600L));
    }
    assertThat(setbacks(NOW.plusSeconds(1799)).failed()).hasSize(4);
    assertThat(setbacks(NOW.plusSeconds(1801)).failed()).isEmpty();
  }

  @Test
  void onlyFailuresCount() {
    move("h2", Migration.Phase.Succeeded, NOW);
    move("h3", Migration.Phase.Cancelled, NOW);
    move("h4", Migration.Phase.Running, null);
    assertThat(setbacks(NOW).failed()).isEmpty();
  }

  @Test
  void onlyMovesFromTheHostThatIsToBeEmptiedCount() {
    failed("h2", NOW);
    assertThat(Setbacks.of(moves, "h1", NOW).failed()).hasSize(1);
    assertThat(Setbacks.of(moves, "h2", NOW).failed()).isEmpty();
  }

  @Test
  void onlyADrainOfTheSameGuestFromTheSameHostCounts() {
    failed("h2", NOW);
    assertThat(avoidedBy("acme", "web", Map.of(Setbacks.DRAINS, "h1"))).containsOnlyKeys("h2");
    assertThat(avoidedBy("acme", "web", Map.of(Setbacks.DRAINS, "h9"))).isEmpty();
    assertThat(avoidedBy("acme", "db", Map.of(Setbacks.DRAINS, "h1"))).isEmpty();
    assertThat(avoidedBy("other", "web", Map.of(Setbacks.DRAINS, "h1"))).isEmpty();
    assertThat(avoidedBy("acme", "web", Map.of())).as("a user's").isEmpty();
  }

  private Map<String, Instant> avoidedBy(
      String namespace, String machine, Map<String, String> labels) {
    return Setbacks.before(migration(namespace, machine, labels), moves, NOW).avoided(NOW);
  }

  private Setbacks setbacks(Instant now) {
    return Setbacks.of(moves, "h1", now);
  }

  private void failed(String target, Instant at) {
    move(target, Migration.Phase.Failed, at);
  }

  private void move(
      String target, Migration.Phase phase, @org.jspecify.annotations.Nullable Instant end) {
    Migration migration = migration("acme", "web", Map.of(Setbacks.DRAINS, "h1"));
    migration.setStatus(
        new Migration.Status(
            1L,
            List.of(),
            List.of(),
            List.of(),
            phase,
            "h1",
            target,
            1L,
            null,
            null,
            null,
            null,
            null,
            NOW.toString(),
            end == null ? null : end.toString()));
    moves.add(migration);
  }

  private static Migration migration(String namespace, String machine, Map<String, String> labels) {
    Migration migration = new Migration();
    migration.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(machine + "-drain")
            .withLabels(labels)
            .build());
    migration.setSpec(new Migration.Spec(machine, null, null, 600, true, false));
    return migration;
  }
}
