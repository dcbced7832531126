package dev.kumiko.compute.migration;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.v1alpha1.Host;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The hosts that a guest may go to, whatever placement says of them.
 *
 * @param source that it is on
 */
record Targets(Cluster cluster, Traffic traffic, DesiredMigration desired, String source) {

  /** Whether it may go there now. */
  boolean isOpen(String host) {
    return isAsked(host) && isAlike(host) && !traffic.isBusy(host);
  }

  /** Those at which no move of it failed later than this, from the best on. */
  Predicate<String> openAndBefore(Instant failure) {
    return host -> isOpen(host) && !failure(host).isAfter(failure);
  }

  /** When a move of it to the host failed last; in the beginning of time if none did. */
  Instant failure(String host) {
    return desired.failed().getOrDefault(host, Instant.MIN);
  }

  /** All of those times: where it failed longest ago is tried first. */
  Stream<Instant> failures() {
    return Stream.concat(Stream.of(Instant.MIN), desired.failed().values().stream().sorted());
  }

  /**
   * Whether the host is one of those that placement counts when none can be chosen: busy ones, too,
   * and those that were never seen, which it knows as disconnected.
   */
  boolean isCounted(String host) {
    return isAsked(host) && (isAlike(host) || !isSeen(host));
  }

  /** How many hosts run guests in another way, which a running guest cannot change to. */
  long unlike() {
    return cluster.list(Host.class).stream()
        .map(host -> host.getMetadata().getName())
        .filter(host -> isAsked(host) && !isCounted(host))
        .count();
  }

  private boolean isAsked(String host) {
    return !host.equals(source)
        && desired.order().targetHost().filter(t -> !t.equals(host)).isEmpty()
        && !desired.avoided().containsKey(host);
  }

  boolean isAlike(String host) {
    return virtualization(source).equals(virtualization(host));
  }

  private Optional<Host.Virtualization> virtualization(String host) {
    return cluster
        .get(Host.class, "", host)
        .flatMap(h -> Optional.ofNullable(h.observed().virtualization()));
  }

  private boolean isSeen(String host) {
    return cluster
        .get(Host.class, "", host)
        .filter(h -> h.observed().allocatable() != null)
        .isPresent();
  }
}
