package dev.kumiko.reconcile.sdk;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

  /** What a reader shall see, given what the watch knows. */
  Optional<T> over(String key, @Nullable T watched) {
    Own<T> own = writes.getIfPresent(key);
    return own == null ? Optional.ofNullable(watched) : over(own, Optional.ofNullable(watched));
  }

  /** Lays what was written over the objects by key. */
  void over(Map<String, T> watched, Collection<String> onlyNamespace) {
    writes
        .asMap()
        .forEach((key, own) -> {
          if (own instanceof Written<T> written
              && !onlyNamespace.isEmpty()
              && !onlyNamespace.contains(written.object().getMetadata().getNamespace())) {
            return;
          }
          over(own, Optional.ofNullable(watched.get(key)))
              .ifPresentOrElse(o -> watched.put(key, o), () -> watched.remove(key));
        });
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
