package dev.kumiko.reconcile.sdk;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Unavailable;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kubernetes API. Every type that is read is watched once for the whole process; what this
 * process wrote itself is laid over it.
 *
 * <p>Secrets are the exception: they are read one by one when they are asked for and remembered for
 * seconds, so that no operator needs the right to list them, nor holds them all.
 */
public final class KubernetesCluster implements Cluster, AutoCloseable {
  /** Owner of the fields that {@link #apply} names; the finalizers have another one. */
  static final String FIELD_MANAGER = "kumiko";

  private static final Duration SECRETS_REMEMBERED = Duration.ofSeconds(10);
  private static final Duration LATE_SYNC = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(KubernetesCluster.class);

  private final KubernetesClient client;
  private final ApiCalls calls;
  private final ClusterEvents events;
  private final ConcurrentMap<Class<?>, Informed<?>> informed = new ConcurrentHashMap<>();
  private final Cache<ObjectKey, Secret> secrets =
      CacheBuilder.newBuilder().expireAfterWrite(SECRETS_REMEMBERED).build();
  private volatile boolean started;

  /**
   * @param client with deadlines, see {@link KubernetesConnection}
   * @param instance name of this process in events
   */
  public KubernetesCluster(
      KubernetesClient client, MeterRegistry meters, String instance, Clock clock) {
    this.client = client;
    this.calls = new ApiCalls(meters);
    this.events = new ClusterEvents(client, calls, instance, clock);
  }

  /** Adds a type that will be read, so that it is there when the first pass starts. */
  public <T extends HasMetadata> void inform(Class<T> type) {
    informed(type);
  }

  /** Starts watching and returns when all types are there; waits for as long as it takes. */
  public void start() throws InterruptedException {
    started = true;
    List<CompletableFuture<?>> starts =
        List.copyOf(informed.values()).stream().<CompletableFuture<?>>map(Informed::start).toList();
    CompletableFuture<?> all = CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new));
    while (true) {
      try {
        all.get(LATE_SYNC.toSeconds(), TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        log.warn(
            "Cannot list {} yet: are the CRDs installed, does the role allow it?", notSynced());
      } catch (ExecutionException e) {
        throw new IllegalStateException("An informer did not start", e.getCause());
      }
    }
  }

  /** Whether all types are listed and watched. */
  public boolean isReady() {
    return started && notSynced().isEmpty();
  }

  private List<String> notSynced() {
    return informed.values().stream()
        .filter(i -> !i.hasSynced() || !i.isRunning())
        .map(i -> i.type().getSimpleName())
        .sorted()
        .toList();
  }

  KubernetesClient client() {
    return client;
  }

  <T extends HasMetadata> Informed<T> informed(Class<T> type) {
    Informed<?> known = informed.computeIfAbsent(type, this::create);
    @SuppressWarnings("unchecked") // the key is the type of the value
    Informed<T> result = (Informed<T>) known;
    return result;
  }

  private <T extends HasMetadata> Informed<T> started(Class<T> type) {
    Informed<T> result = informed(type);
    if (!result.hasSynced()) {
      try {
        result.start().get(LATE_SYNC.toSeconds(), TimeUnit.SECONDS);
      } catch (TimeoutException | ExecutionException e) {
        throw new Unavailable(
            "kubernetes", "cannot list " + type.getSimpleName() + ": does the role allow it?", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Unavailable("kubernetes", "interrupted", e);
      }
    }
    return result;
  }

  @SuppressWarnings("unchecked") // only ever called with a class of HasMetadata
  private <T extends HasMetadata> Informed<T> create(Class<?> type) {
    return new Informed<>(client, (Class<T>) type);
  }

  @Override
  public <T extends HasMetadata> Optional<T> get(Class<T> type, String namespace, String name) {
    if (type == Secret.class && !informed.containsKey(type)) {
      return secret(namespace, name).map(type::cast);
    }
    return started(type).get(namespace, name);
  }

  private Optional<Secret> secret(String namespace, String name) {
    ObjectKey key = new ObjectKey(namespace, name);
    Secret known = secrets.getIfPresent(key);
    return known == null ? fresh(Secret.class, namespace, name) : Optional.of(known);
  }

  @Override
  public <T extends HasMetadata> List<T> list(Class<T> type) {
    return started(type).list();
  }

  @Override
  public <T extends HasMetadata> List<T> list(Class<T> type, String namespace) {
    return started(type).list(namespace);
  }

  @Override
  public <T extends HasMetadata> Optional<T> fresh(Class<T> type, String namespace, String name) {
    Resource<T> resource =
        namespace.isEmpty()
            ? client.resources(type).withName(name)
            : client.resources(type).inNamespace(namespace).withName(name);
    Optional<T> found = calls.call("get", type, () -> Optional.ofNullable(resource.get()));
    found.ifPresent(this::written);
    return found;
  }

  @Override
  public boolean create(HasMetadata object) {
    return calls.call(
        "create",
        object.getClass(),
        () -> {
          try {
            written(client.resource(object).create());
            return true;
          } catch (KubernetesClientException e) {
            if (isAlreadyThere(e)) {
              return false;
            }
            throw e;
          }
        });
  }

  private static boolean isAlreadyThere(KubernetesClientException e) {
    return e.getCode() == ApiCalls.CONFLICT
        && e.getStatus() != null
        && "AlreadyExists".equals(e.getStatus().getReason());
  }

  @Override
  public <T extends HasMetadata> T apply(T object) {
    T applied =
        calls.call(
            "apply",
            object.getClass(),
            () ->
                client
                    .resource(object)
                    .fieldManager(FIELD_MANAGER)
                    .forceConflicts()
                    .serverSideApply());
    written(applied);
    return applied;
  }

  @Override
  public <T extends HasMetadata> T replace(T object) {
    T replaced =
        calls.call(
            "replace",
            object.getClass(),
            () -> existing(object, () -> client.resource(object).update()));
    written(replaced);
    return replaced;
  }

  @Override
  public void delete(HasMetadata object) {
    Deletion.Result result =
        calls.call("delete", object.getClass(), () -> Deletion.of(object).run(client));
    secrets.invalidate(ObjectKey.of(object));
    switch (result) {
      case Deletion.Result.Ending(String json) ->
          written(client.getKubernetesSerialization().unmarshal(json, object.getClass()));
      case Deletion.Result.Gone _ -> gone(object);
      case Deletion.Result.Another _ -> {}
    }
  }

  /**
   * Takes our finalizer off exactly this version of the object; an absent object is success.
   *
   * @throws Conflict when it was written since
   */
  <T extends HasMetadata> void release(T object) {
    Release.of(object)
        .ifPresent(release ->
            calls
                .call("release", object.getClass(), () -> release.run(client))
                .ifPresentOrElse(this::written, () -> gone(object)));
  }

  @Override
  public <T extends HasMetadata> T updateStatus(T object) {
    T updated =
        calls.call(
            "updateStatus",
            object.getClass(),
            () -> existing(object, () -> client.resource(object).updateStatus()));
    written(updated);
    return updated;
  }

  private static <T extends HasMetadata> T existing(T object, Supplier<T> write) {
    try {
      return write.get();
    } catch (KubernetesClientException e) {
      if (e.getCode() == ApiCalls.NOT_FOUND) {
        throw new Conflict(ObjectKey.of(object) + " is gone");
      }
      throw e;
    }
  }

  @Override
  public void event(HasMetadata about, Severity severity, String reason, String message) {
    events.record(about, severity, reason, message);
  }

  private <T extends HasMetadata> void written(T object) {
    object.getMetadata().setManagedFields(List.of());
    if (object instanceof Secret secret) {
      secrets.put(ObjectKey.of(secret), secret);
    }
    known(object).ifPresent(i -> i.written(object));
  }

  private <T extends HasMetadata> void gone(T object) {
    ObjectKey key = ObjectKey.of(object);
    known(object)
        .ifPresent(cache ->
            cache
                .get(key.namespace(), key.name())
                .filter(latest ->
                    object.getMetadata().getUid() == null || Versions.sameObject(latest, object))
                .ifPresent(cache::gone));
  }

  @SuppressWarnings("unchecked") // an object's class is the type it is cached under
  private <T extends HasMetadata> Optional<Informed<T>> known(T object) {
    return Optional.ofNullable((Informed<T>) informed.get(object.getClass()));
  }

  @Override
  public void close() {
    events.close();
    informed.values().forEach(Informed::stop);
  }
}
