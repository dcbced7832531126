package dev.kumiko.reconcile.sdk;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Objects;

/**
 * Which of two versions of an object is the newer one.
 *
 * <p>Resource versions of one object are decimal numbers that grow (Kubernetes API concepts,
 * "Resource version string", since 1.35).
 */
final class Versions {
  private Versions() {}

  static boolean atLeastAsNew(HasMetadata one, HasMetadata other) {
    return number(one) >= number(other);
  }

  static boolean same(HasMetadata one, HasMetadata other) {
    return Objects.equals(
        one.getMetadata().getResourceVersion(), other.getMetadata().getResourceVersion());
  }

  static boolean sameObject(HasMetadata one, HasMetadata other) {
    return Objects.equals(one.getMetadata().getUid(), other.getMetadata().getUid());
  }

  private static long number(HasMetadata object) {
    String version = object.getMetadata().getResourceVersion();
    return version == null || version.isEmpty() ? 0 : Long.parseLong(version);
  }
}
