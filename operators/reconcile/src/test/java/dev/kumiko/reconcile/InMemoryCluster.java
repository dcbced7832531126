package dev.kumiko.reconcile;

import dev.kumiko.v1alpha1.Kumiko;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Twin of the Kubernetes API for plan and convergence tests: names are unique, the status has an
 * optimistic lock, finalizers hold deletion up, a changed spec counts the generation, dependents
 * follow their owner.
 */
public final class InMemoryCluster implements Cluster {
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private record Id(String kind, ObjectKey key) {}

  private final Map<Id, HasMetadata> objects = new LinkedHashMap<>();
  private final Map<Id, List<String>> appliedFinalizers = new HashMap<>();
  private final List<String> events = new ArrayList<>();
  private final Set<String> forbidden = new HashSet<>();
  private final InstantSource clock;
  private final boolean shares;
  private long version;
  private long writes;
  private long failsAt = Long.MAX_VALUE;

  public InMemoryCluster(InstantSource clock) {
    this(clock, false);
  }

  private InMemoryCluster(InstantSource clock, boolean shares) {
    this.clock = clock;
    this.shares = shares;
  }

  /** Hands out what it stores, as a cache of the product does; many times faster. */
  public static InMemoryCluster sharing(InstantSource clock) {
    return new InMemoryCluster(clock, true);
  }

  private <T extends HasMetadata> T handedOut(T stored) {
    return shares ? stored : SERIALIZATION.clone(stored);
  }

  /** Writes that changed something, events apart. */
  public synchronized long writes() {
    return writes;
  }

  /** From the n-th write on from now, each write fails. */
  public synchronized void failBehindWrites(long n) {
    failsAt = writes + n;
  }

  /** Ends {@link #failBehindWrites}. */
  public synchronized void heal() {
    failsAt = Long.MAX_VALUE;
  }

  private void check() {
    if (writes >= failsAt) {
      throw new Unavailable("kubernetes", "connection refused");
    }
  }

  public synchronized List<String> events() {
    return List.copyOf(events);
  }

  /** As when a role that allowed to read the kind is gone. */
  public synchronized void forbid(Class<? extends HasMetadata> type) {
    forbidden.add(HasMetadata.getKind(type));
  }

  /** Every object, as kind and key. */
  public synchronized List<String> names() {
    return objects.keySet().stream().map(id -> id.kind() + " " + id.key()).sorted().toList();
  }

  @Override
  public synchronized <T extends HasMetadata> Optional<T> get(
      Class<T> type, String namespace, String name) {
    if (forbidden.contains(HasMetadata.getKind(type))) {
      throw new Unavailable("kubernetes", "get " + HasMetadata.getKind(type) + ": forbidden");
    }
    return find(HasMetadata.getKind(type), new ObjectKey(namespace, name))
        .map(type::cast)
        .map(this::handedOut);
  }

  @Override
  public synchronized <T extends HasMetadata> List<T> list(Class<T> type) {
    return objects.values().stream()
        .filter(type::isInstance)
        .map(type::cast)
        .map(this::handedOut)
        .toList();
  }

  @Override
  public <T extends HasMetadata> Optional<T> fresh(Class<T> type, String namespace, String name) {
    return get(type, namespace, name);
  }

  @Override
  public synchronized boolean create(HasMetadata object) {
    check();
    Id id = id(object);
    if (objects.containsKey(id)) {
      return false;
    }
    HasMetadata stored = SERIALIZATION.clone(object);
    stored
        .getMetadata()
        .setUid(
            UUID.nameUUIDFromBytes((id + "#" + version).getBytes(StandardCharsets.UTF_8))
                .toString());
    stored.getMetadata().setGeneration(1L);
    stored.getMetadata().setCreationTimestamp(clock.instant().toString());
    if (stored instanceof CustomResource<?, ?> resource) {
      resource.setStatus(null);
    }
    store(id, stored);
    return true;
  }

  @Override
  public synchronized <T extends HasMetadata> T apply(T object) {
    check();
    Id id = id(object);
    HasMetadata before = objects.get(id);
    if (before == null) {
      create(object);
      appliedFinalizers.put(id, List.copyOf(object.getMetadata().getFinalizers()));
      return cast(object, find(object));
    }
    T after = SERIALIZATION.clone(object);
    after.getMetadata().setUid(before.getMetadata().getUid());
    after.getMetadata().setCreationTimestamp(before.getMetadata().getCreationTimestamp());
    after.getMetadata().setDeletionTimestamp(before.getMetadata().getDeletionTimestamp());
    after.getMetadata().setGeneration(before.getMetadata().getGeneration());
    after.getMetadata().setResourceVersion(before.getMetadata().getResourceVersion());
    after.getMetadata().setFinalizers(finalizers(id, before, object));
    keepStatus(before, after);
    if (!sameSpec(before, after)) {
      after.getMetadata().setGeneration(before.getMetadata().getGeneration() + 1);
    }
    if (after.getMetadata().getDeletionTimestamp() != null
        && after.getMetadata().getFinalizers().isEmpty()) {
      remove(id, after);
      return after;
    }
    if (!json(before).equals(json(after))) {
      store(id, after);
    }
    return cast(object, find(object));
  }

  /** Server-side apply adds the finalizers that it names, and drops those it named before. */
  private List<String> finalizers(Id id, HasMetadata before, HasMetadata applied) {
    List<String> named = List.copyOf(applied.getMetadata().getFinalizers());
    List<String> all = new ArrayList<>(before.getMetadata().getFinalizers());
    List<String> formerly = appliedFinalizers.put(id, named);
    all.removeAll(formerly == null ? List.of() : formerly);
    named.stream().filter(f -> !all.contains(f)).forEach(all::add);
    return all;
  }

  @Override
  public synchronized <T extends HasMetadata> T replace(T object) {
    check();
    Id id = id(object);
    HasMetadata before = objects.get(id);
    if (before == null
        || !Objects.equals(
            before.getMetadata().getResourceVersion(), object.getMetadata().getResourceVersion())) {
      throw new Conflict(id.kind() + " " + id.key() + " was written meanwhile");
    }
    HasMetadata after = SERIALIZATION.clone(object);
    keepStatus(before, after);
    after.getMetadata().setGeneration(before.getMetadata().getGeneration());
    if (!sameSpec(before, after)) {
      after.getMetadata().setGeneration(before.getMetadata().getGeneration() + 1);
    }
    if (!json(before).equals(json(after))) {
      store(id, after);
    }
    return cast(object, find(object));
  }

  @Override
  public synchronized void delete(HasMetadata object) {
    check();
    end(object);
  }

  private void end(HasMetadata object) {
    Id id = id(object);
    HasMetadata stored = objects.get(id);
    if (stored == null) {
      return;
    }
    if (stored.getMetadata().getFinalizers().isEmpty()) {
      remove(id, stored);
    } else if (stored.getMetadata().getDeletionTimestamp() == null) {
      HasMetadata marked = SERIALIZATION.clone(stored);
      marked.getMetadata().setDeletionTimestamp(clock.instant().toString());
      store(id, marked);
    }
  }

  @Override
  public synchronized <T extends HasMetadata> T updateStatus(T object) {
    check();
    Id id = id(object);
    HasMetadata before = objects.get(id);
    if (before == null
        || !Objects.equals(
            before.getMetadata().getResourceVersion(), object.getMetadata().getResourceVersion())) {
      throw new Conflict(id.kind() + " " + id.key() + " was written meanwhile");
    }
    HasMetadata after = SERIALIZATION.clone(before);
    keepStatus(object, after);
    store(id, after);
    return cast(object, find(object));
  }

  @Override
  public synchronized void event(
      HasMetadata about, Severity severity, String reason, String message) {
    events.add(
        severity
            + " "
            + about.getKind()
            + " "
            + ObjectKey.of(about)
            + " "
            + reason
            + ": "
            + message);
  }

  /** What the operator SDK does when a resource is first seen. */
  public synchronized void addFinalizer(HasMetadata object) {
    check();
    Id id = id(object);
    HasMetadata stored = objects.get(id);
    if (stored != null
        && stored.getMetadata().getDeletionTimestamp() == null
        && !stored.getMetadata().getFinalizers().contains(Kumiko.FINALIZER)) {
      HasMetadata after = SERIALIZATION.clone(stored);
      after.getMetadata().getFinalizers().add(Kumiko.FINALIZER);
      store(id, after);
    }
  }

  /** What the operator SDK does when a resource is released. */
  public synchronized void removeFinalizer(HasMetadata object) {
    check();
    Id id = id(object);
    HasMetadata stored = objects.get(id);
    if (stored == null) {
      return;
    }
    HasMetadata after = SERIALIZATION.clone(stored);
    after.getMetadata().getFinalizers().remove(Kumiko.FINALIZER);
    if (after.getMetadata().getDeletionTimestamp() != null
        && after.getMetadata().getFinalizers().isEmpty()) {
      remove(id, after);
    } else {
      store(id, after);
    }
  }

  private void remove(Id id, HasMetadata stored) {
    objects.remove(id);
    appliedFinalizers.remove(id);
    writes++;
    String uid = stored.getMetadata().getUid();
    List<HasMetadata> dependents =
        objects.values().stream()
            .filter(o ->
                o.getMetadata().getOwnerReferences().stream()
                    .map(OwnerReference::getUid)
                    .anyMatch(uid::equals))
            .toList();
    dependents.forEach(this::end);
  }

  private void store(Id id, HasMetadata object) {
    object.getMetadata().setResourceVersion(Long.toString(++version));
    objects.put(id, object);
    writes++;
  }

  private Optional<HasMetadata> find(String kind, ObjectKey key) {
    return Optional.ofNullable(objects.get(new Id(kind, key)));
  }

  private HasMetadata find(HasMetadata object) {
    return find(object.getKind(), ObjectKey.of(object)).orElseThrow();
  }

  private static Id id(HasMetadata object) {
    return new Id(object.getKind(), ObjectKey.of(object));
  }

  @SuppressWarnings("unchecked") // an object is stored under its own kind
  private <T extends HasMetadata> T cast(T like, HasMetadata stored) {
    return (T) like.getClass().cast(handedOut(stored));
  }

  @SuppressWarnings("unchecked") // both are of one kind
  private static void keepStatus(HasMetadata from, HasMetadata to) {
    if (from instanceof CustomResource<?, ?> source && to instanceof CustomResource<?, ?> target) {
      ((CustomResource<?, Object>) target).setStatus(source.getStatus());
    }
  }

  private static boolean sameSpec(HasMetadata a, HasMetadata b) {
    return !(a instanceof CustomResource<?, ?> x)
        || !(b instanceof CustomResource<?, ?> y)
        || Objects.equals(x.getSpec(), y.getSpec());
  }

  private static String json(HasMetadata object) {
    return SERIALIZATION.asJson(object);
  }
}
