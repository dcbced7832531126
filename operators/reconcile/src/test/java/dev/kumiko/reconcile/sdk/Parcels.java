package dev.kumiko.reconcile.sdk;

import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Parcel;
import dev.kumiko.reconcile.Pass;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.reconcile.Wake;
import dev.kumiko.reconcile.Watch;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Delivers parcels of one namespace to a map; a ConfigMap of its name wakes a parcel. */
final class Parcels implements Kind<Parcel, String, Optional<String>, Parcels.Move> {
  sealed interface Move extends Action {
    record Deliver(ObjectKey key, String content) implements Move {}

    record Remove(ObjectKey key) implements Move {}

    @Override
    default String target() {
      return "map";
    }

    @Override
    default String describe() {
      return toString();
    }
  }

  final Map<ObjectKey, String> delivered = new ConcurrentHashMap<>();
  final Map<ObjectKey, AtomicInteger> passes = new ConcurrentHashMap<>();
  volatile boolean broken;
  volatile Wake wake = _ -> {};

  int passes(ObjectKey key) {
    return passes.computeIfAbsent(key, _ -> new AtomicInteger()).get();
  }

  @Override
  public Class<Parcel> type() {
    return Parcel.class;
  }

  @Override
  public Desired<String> desire(Parcel parcel) {
    passes.computeIfAbsent(ObjectKey.of(parcel), _ -> new AtomicInteger()).incrementAndGet();
    return parcel.isMarkedForDeletion()
        ? new Desired.Absent<>(parcel.getSpec().content())
        : new Desired.Present<>(parcel.getSpec().content());
  }

  @Override
  public Optional<String> observe(Parcel parcel, String asked) {
    if (asked.equals("bomb")) {
      throw new IllegalStateException("boom");
    }
    if (broken) {
      throw new Unavailable("map", "it is torn");
    }
    return Optional.ofNullable(delivered.get(ObjectKey.of(parcel)))
        .map(content -> ObjectKey.of(parcel) + "=" + content);
  }

  @Override
  public List<Move> plan(Desired<String> desired, Optional<String> observed) {
    return switch (desired) {
      case Desired.Present<String>(String content) ->
          observed.filter(o -> o.endsWith("=" + content)).isPresent()
              ? List.of()
              : List.of(new Move.Deliver(new ObjectKey("", ""), content));
      case Desired.Absent<String> _ ->
          observed.isEmpty() ? List.of() : List.of(new Move.Remove(new ObjectKey("", "")));
      case Desired.Blocked<String> _ -> List.of();
    };
  }

  @Override
  public void apply(Pass<Parcel> pass, Move action) {
    ObjectKey key = ObjectKey.of(pass.resource());
    switch (action) {
      case Move.Deliver(_, String content) -> delivered.put(key, content);
      case Move.Remove _ -> delivered.remove(key);
    }
  }

  @Override
  public Report report(
      Parcel parcel, Desired<String> desired, Optional<Optional<String>> observed) {
    return Report.of(
        Parcel.Status.seen(observed.orElseThrow().orElse("")),
        new Readiness.Ready("It is delivered."));
  }

  @Override
  public List<Watch<?>> watches() {
    return List.of(new Watch<>(ConfigMap.class, map -> List.of(ObjectKey.of(map))));
  }

  @Override
  public void listen(Wake newWake) {
    wake = newWake;
  }
}
