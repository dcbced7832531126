package dev.kumiko.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;

/**
 * The Kubernetes API in the words of the loop.
 *
 * <p>{@code namespace} is empty for cluster-scoped kinds. Objects that come back belong to the
 * cache: they MUST NOT be changed. Every call MAY throw {@link Unavailable} with the endpoint
 * {@code kubernetes}.
 */
public interface Cluster {
  /** From the cache, never older than what this process wrote itself. */
  <T extends HasMetadata> Optional<T> get(Class<T> type, String namespace, String name);

  /** From the cache: all objects of the kind. */
  <T extends HasMetadata> List<T> list(Class<T> type);

  /** From the cache: the kind's objects in one namespace. */
  default <T extends HasMetadata> List<T> list(Class<T> type, String namespace) {
    return list(type).stream()
        .filter(o -> namespace.equals(o.getMetadata().getNamespace()))
        .toList();
  }

  /** A direct read, for decisions that must not rest on a cache. */
  <T extends HasMetadata> Optional<T> fresh(Class<T> type, String namespace, String name);

  /**
   * Creates the object; the API server's uniqueness of names is the lock.
   *
   * @return false when an object of that name exists
   */
  boolean create(HasMetadata object);

  /** Server-side apply with force: this operator owns the fields that the object names. */
  <T extends HasMetadata> T apply(T object);

  /**
   * Replaces an object that this operator wrote whole, so that what it leaves out is gone; the
   * status stays. {@code object} carries the metadata of the version that the change was made from.
   *
   * @throws Conflict when it was written or deleted since
   */
  <T extends HasMetadata> T replace(T object);

  /** Asks for deletion; an absent object is success. */
  void delete(HasMetadata object);

  /**
   * Replaces the status, if the object is still at the given resourceVersion.
   *
   * @throws Conflict when it is not
   */
  <T extends HasMetadata> T updateStatus(T object);

  /** Records what the user did not cause; {@code about} need not exist any more. */
  void event(HasMetadata about, Severity severity, String reason, String message);

  /** Of an event. */
  enum Severity {
    Normal,
    Warning
  }
}
