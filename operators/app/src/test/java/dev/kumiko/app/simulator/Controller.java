package dev.kumiko.app.simulator;

import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Journal;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.v1alpha1.Reporting;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One kind at work: passes when something changed, when a pass asked for another, or failed. */
final class Controller<R extends CustomResource<?, ?> & Reporting, D, O, A extends Action> {
  private static final Duration BACKOFF = Duration.ofSeconds(1);
  private static final Duration RESYNC = Duration.ofMinutes(5);
  private final Kind<R, D, O, A> kind;
  private final Loop<R, D, O, A> loop;
  private final InMemoryCluster api;
  private final Cluster view;
  private final InstantSource clock;
  private final Map<ObjectKey, Instant> due =
      new TreeMap<>(Comparator.comparing(ObjectKey::toString));

  /**
   * @param view of the API that the kind has
   */
  Controller(
      Kind<R, D, O, A> kind,
      InMemoryCluster api,
      Cluster view,
      InstantSource clock,
      Journal journal) {
    this.kind = kind;
    this.api = api;
    this.view = view;
    this.clock = clock;
    this.loop = new Loop<>(kind, view, clock, journal);
    kind.listen(this::wake);
    view.list(kind.type()).forEach(r -> wake(ObjectKey.of(r)));
  }

  private void wake(ObjectKey key) {
    again(key, Duration.ZERO);
  }

  private void again(ObjectKey key, Duration after) {
    due.merge(key, clock.instant().plus(after), (a, b) -> a.isBefore(b) ? a : b);
  }

  void hear(Change change) {
    if (kind.type().isInstance(change.object())) {
      wake(ObjectKey.of(change.object()));
    }
    kind.watches().forEach(watch -> hear(watch, change));
  }

  private <T extends HasMetadata> void hear(Watch<T> watch, Change change) {
    List.of(change.before(), change.after()).stream()
        .flatMap(Optional::stream)
        .filter(watch.type()::isInstance)
        .map(watch.type()::cast)
        .forEach(o -> watch.affects().apply(o).forEach(this::wake));
  }

  /** The passes that are due now. */
  List<Runnable> passes() {
    Instant now = clock.instant();
    return due.entrySet().stream()
        .filter(e -> !e.getValue().isAfter(now))
        .map(Map.Entry::getKey)
        .toList()
        .stream()
        .<Runnable>map(key -> () -> pass(key))
        .toList();
  }

  private void pass(ObjectKey key) {
    due.remove(key);
    view.get(kind.type(), key.namespace(), key.name()).ifPresent(r -> pass(key, r));
  }

  private void pass(ObjectKey key, R given) {
    api.addFinalizer(given);
    R newest = view.get(kind.type(), key.namespace(), key.name()).orElse(given);
    try {
      Loop.Outcome<R> outcome = loop.reconcile(newest);
      if (outcome.released()) {
        api.removeFinalizer(outcome.resource());
        return;
      }
      again(key, outcome.failure().map(_ -> BACKOFF).or(outcome::again).orElse(RESYNC));
    } catch (Conflict e) {
      again(key, Duration.ZERO);
    }
  }
}
