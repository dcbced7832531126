package dev.kumiko.reconcile.sdk;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What this process wrote itself and its watch has not brought back yet, for one type. */
final class OwnWrites<T extends HasMetadata> {
  /** A bound for what the watch never brings back: written and deleted between two lists. */
  private static final Duration EXPIRY = Duration.ofSeconds(10);

  private final Cache<String, Own<T>> writes =
      CacheBuilder.newBuilder().expireAfterWrite(EXPIRY).build();

  /** The object as the API server answered our write. */
  void written(String key, T object) {
    writes.asMap().merge(key, new Written<>(object), OwnWrites::newest);
  }

  /** The API server confirmed that the object is gone. */
  void gone(String key, String uid) {
    writes.put(key, new Gone<>(uid));
  }

  /** The watch brought this version: what is not newer is no longer needed. */
  void seen(String key, T object) {
    writes
        .asMap()
        .computeIfPresent(
            key,
            (_, own) ->
                switch (own) {
                  case Written<T> written ->
                      Versions.atLeastAsNew(object, written.object()) ? null : own;
                  case Gone<T> gone ->
                      gone.uid().equals(object.getMetadata().getUid()) ? own : null;
                });
  }

  /** The watch brought the end of this object. */
  void ended(String key, T object) {
    String uid = object.getMetadata().getUid();
    writes.asMap().computeIfPresent(key, (_, own) -> Objects.equals(own.of(), uid) ? null : own);
  }

  /**
   * What a reader shall see.
   *
   * @param watched what the watch knows; asked after our own writes were looked up, so that a write
   *     which the watch catches up with meanwhile is found in the one or in the other
   */
  Optional<T> over(String key, Supplier<? extends @Nullable T> watched) {
    Own<T> own = writes.getIfPresent(key);
    Optional<T> seen = Optional.ofNullable(watched.get());
    return own == null ? seen : over(own, seen);
  }

  /**
   * The same for many.
   *
   * @param which those of our writes that belong to what {@code watched} answers
   */
  List<T> over(Predicate<T> which, Supplier<? extends Collection<T>> watched) {
    Map<String, Own<T>> own = Map.copyOf(writes.asMap());
    Collection<T> seen = watched.get();
    if (own.isEmpty()) {
      return List.copyOf(seen);
    }
    Map<String, T> byKey = new HashMap<>();
    seen.forEach(o -> byKey.put(Informed.key(o), o));
    own.forEach((key, write) -> {
      if (!(write instanceof Written<T> written) || which.test(written.object())) {
        over(write, Optional.ofNullable(byKey.get(key)))
            .ifPresentOrElse(o -> byKey.put(key, o), () -> byKey.remove(key));
      }
    });
    return List.copyOf(byKey.values());
  }

  boolean isEmpty() {
    return writes.size() == 0;
  }

  private static <T extends HasMetadata> Optional<T> over(Own<T> own, Optional<T> watched) {
    return switch (own) {
      case Written<T> written ->
          watched.filter(w -> !Versions.atLeastAsNew(written.object(), w)).isPresent()
              ? watched
              : Optional.of(written.object());
      case Gone<T> gone -> watched.filter(w -> !gone.uid().equals(w.getMetadata().getUid()));
    };
  }

  private static <T extends HasMetadata> Own<T> newest(Own<T> before, Own<T> after) {
    return before instanceof Written<T> one
            && after instanceof Written<T> other
            && !Versions.atLeastAsNew(other.object(), one.object())
        ? before
        : after;
  }

  private sealed interface Own<T extends HasMetadata> {
    String of();
  }

  private record Written<T extends HasMetadata>(T object) implements Own<T> {
    @Override
    public String of() {
      return object.getMetadata().getUid();
    }
  }

  private record Gone<T extends HasMetadata>(String uid) implements Own<T> {
    @Override
    public String of() {
      return uid;
    }
  }
}
