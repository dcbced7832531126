package dev.kumiko.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Optional;

/**
 * The marker on everything that lives outside Kubernetes: which resource it belongs to.
 *
 * @param namespace empty for cluster-scoped kinds
 */
public record Ownership(String kind, String namespace, String name, String uid) {
  /** Value of the key {@code kumiko.owner}: says that the object is ours. */
  public static final String OWNER = "kumiko.dev";

  private static final String KEY_OWNER = "kumiko.owner";
  private static final String KEY_KIND = "kumiko.kind";
  private static final String KEY_NAMESPACE = "kumiko.namespace";
  private static final String KEY_NAME = "kumiko.name";
  private static final String KEY_UID = "kumiko.uid";

  public static Ownership of(HasMetadata resource) {
    ObjectKey key = ObjectKey.of(resource);
    return new Ownership(
        resource.getKind(), key.namespace(), key.name(), resource.getMetadata().getUid());
  }

  /** As key-value pairs: OVN external_ids, RBD image-meta, libvirt metadata. */
  public Map<String, String> toMap() {
    return Map.of(
        KEY_OWNER, OWNER, KEY_KIND, kind, KEY_NAMESPACE, namespace, KEY_NAME, name, KEY_UID, uid);
  }

  /** Empty when the pairs carry no marker of ours. */
  public static Optional<Ownership> fromMap(Map<String, String> pairs) {
    if (!OWNER.equals(pairs.get(KEY_OWNER)) || !pairs.containsKey(KEY_UID)) {
      return Optional.empty();
    }
    return Optional.of(
        new Ownership(
            pairs.getOrDefault(KEY_KIND, ""),
            pairs.getOrDefault(KEY_NAMESPACE, ""),
            pairs.getOrDefault(KEY_NAME, ""),
            pairs.get(KEY_UID)));
  }

  public ObjectKey key() {
    return new ObjectKey(namespace, name);
  }
}
