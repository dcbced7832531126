package dev.kumiko.compute.placement;

import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.v1alpha1.Migration;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The moves by which a drain failed to get one guest off its host, newest first, as their own
 * records tell: when the next follows, and where it does not go.
 */
public record Setbacks(List<Migration> failed) {
  /** Label on a Migration that was made to empty a host: that host's name. */
  public static final String DRAINS = "kumiko.dev/drains";

  /** So many are followed at once: their targets may have been the reason. */
  private static final int FREE = 2;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
  private static final int DOUBLINGS = 3;

  /** More than these make no pause longer. */
  private static final int KEPT = FREE + 1 + DOUBLINGS;

  private static final Duration AVOIDED = Duration.ofSeconds(30);
  private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(30);

  public Setbacks {
    failed = List.copyOf(failed);
  }

  /**
   * Those that still count.
   *
   * @param moves of one guest
   * @param host that was to be emptied by those which count
   */
  public static Setbacks of(Collection<Migration> moves, String host, Instant now) {
    List<Migration> failed =
        moves.stream()
            .filter(m -> drained(m).filter(host::equals).isPresent())
            .filter(m -> m.observed().phase() == Migration.Phase.Failed)
            .sorted(Comparator.comparing(Setbacks::end).reversed())
            .limit(KEPT)
            .toList();
    boolean isForgiven = failed.stream().allMatch(m -> end(m).plus(FORGIVEN_AFTER).isBefore(now));
    return new Setbacks(isForgiven ? List.of() : failed);
  }

  /** Before a drain's own move: what became of those before it; of a user's nothing counts. */
  public static Setbacks before(Migration migration, Collection<Migration> all, Instant now) {
    ObjectKey machine = machine(migration);
    List<Migration> moves = all.stream().filter(m -> machine(m).equals(machine)).toList();
    return drained(migration)
        .map(host -> of(moves, host, now))
        .orElseGet(() -> new Setbacks(List.of()));
  }

  /** Whose guest it moves. */
  public static ObjectKey machine(Migration migration) {
    return ObjectKey.of(
        migration.getMetadata().getNamespace(), migration.getSpec().virtualMachine());
  }

  /** The host that it was made to empty; empty: it is a user's. */
  public static Optional<String> drained(Migration migration) {
    return Optional.ofNullable(migration.getMetadata().getLabels()).map(l -> l.get(DRAINS));
  }

  /** When the next may follow; empty: at once. */
  public Optional<Instant> pause() {
    int doublings = failed.size() - FREE - 1;
    return doublings < 0
        ? Optional.empty()
        : Optional.of(end(failed.getFirst()).plus(FIRST_PAUSE.multipliedBy(1L << doublings)));
  }

  /**
   * Where the next goes only when it can go nowhere else, and when the last one there failed: a
   * host that always refuses the guest keeps it from no other.
   */
  public Map<String, Instant> targets() {
    Map<String, Instant> hosts = new HashMap<>();
    for (Migration migration : failed) {
      String target = migration.observed().target();
      if (target != null) {
        hosts.putIfAbsent(target, end(migration));
      }
    }
    return hosts;
  }

  /** The hosts to which the next does not go, and until when. */
  public Map<String, Instant> avoided(Instant now) {
    Map<String, Instant> hosts = targets();
    hosts.replaceAll((host, end) -> end.plus(AVOIDED));
    hosts.values().removeIf(until -> !until.isAfter(now));
    return hosts;
  }

  private static Instant end(Migration migration) {
    return Optional.ofNullable(migration.observed().endedAt())
        .map(Instant::parse)
        .orElse(Instant.EPOCH);
  }
}
