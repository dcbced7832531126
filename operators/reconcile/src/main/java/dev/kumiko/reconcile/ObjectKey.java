package dev.kumiko.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * Namespace and name.
 *
 * @param namespace empty for cluster-scoped kinds
 */
public record ObjectKey(String namespace, String name) {
  public static ObjectKey of(HasMetadata object) {
    return of(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  public static ObjectKey of(@org.jspecify.annotations.Nullable String namespace, String name) {
    return new ObjectKey(namespace == null ? "" : namespace, name);
  }

  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
