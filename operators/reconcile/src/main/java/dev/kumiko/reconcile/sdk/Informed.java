package dev.kumiko.reconcile.sdk;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All objects of one type: what the watch says, with our own writes over it. */
final class Informed<T extends HasMetadata> {
  private static final Logger log = LoggerFactory.getLogger(Informed.class);
  private final Class<T> type;
  private final SharedIndexInformer<T> informer;
  private final OwnWrites<T> own = new OwnWrites<>();

  Informed(KubernetesClient client, Class<T> type) {
    this.type = type;
    this.informer = client.resources(type).inAnyNamespace().runnableInformer(0);
    informer.itemStore(new WatchedStore());
    informer.exceptionHandler((_, _) -> true);
    onChange((_, after) -> after.ifPresent(this::seen));
  }

  Class<T> type() {
    return type;
  }

  /** Ends when the first list is complete; is tried until then. */
  CompletableFuture<Void> start() {
    return informer.start().toCompletableFuture();
  }

  void stop() {
    informer.stop();
  }

  boolean hasSynced() {
    return informer.hasSynced();
  }

  boolean isRunning() {
    return informer.isRunning();
  }

  Optional<T> get(String namespace, String name) {
    String key = key(namespace, name);
    return own.over(key, () -> informer.getStore().getByKey(key));
  }

  List<T> list() {
    return own.over(_ -> true, () -> informer.getStore().list());
  }

  List<T> list(String namespace) {
    return own.over(
        o -> namespace.equals(o.getMetadata().getNamespace()),
        () -> informer.getIndexer().byIndex(Cache.NAMESPACE_INDEX, namespace));
  }

  /** The version this cache holds, when it is the same: so that two caches share one object. */
  T shared(T object) {
    T known = informer.getStore().getByKey(key(object));
    return known != null && Versions.same(known, object) && Versions.sameObject(known, object)
        ? known
        : object;
  }

  void written(T object) {
    own.written(key(object), object);
  }

  void gone(T object) {
    own.gone(key(object), object.getMetadata().getUid());
  }

  /** Calls back for every change that the watch brings, in order. */
  void onChange(Change<T> change) {
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(T object) {
            changed(Optional.empty(), Optional.of(object));
          }

          @Override
          public void onUpdate(T before, T after) {
            if (!Versions.same(before, after)) {
              changed(Optional.of(before), Optional.of(after));
            }
          }

          @Override
          public void onDelete(T object, boolean finalStateUnknown) {
            changed(Optional.of(object), Optional.empty());
          }

          private void changed(Optional<T> before, Optional<T> after) {
            try {
              change.changed(before, after);
            } catch (RuntimeException e) {
              log.error("A watch of {} failed", type.getSimpleName(), e);
            }
          }
        });
  }

  /** Only now: an informer's index follows its store, and a list in between would miss it. */
  private void seen(T object) {
    own.seen(key(object), object);
  }

  static String key(HasMetadata object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  private static String key(String namespace, String name) {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }

  /** One change of an object; {@code before} is empty when it is new, {@code after} when gone. */
  @FunctionalInterface
  interface Change<T> {
    void changed(Optional<T> before, Optional<T> after);
  }

  private final class WatchedStore extends SlimStore<T> {
    WatchedStore() {
      super(UnaryOperator.identity());
    }

    @Override
    public @Nullable T remove(String key) {
      T removed = super.remove(key);
      if (removed != null) {
        own.ended(key, removed);
      }
      return removed;
    }
  }
}
