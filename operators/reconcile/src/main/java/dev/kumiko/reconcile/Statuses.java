package dev.kumiko.reconcile;

import dev.kumiko.v1alpha1.Reported;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** Copies of resources with another status. */
final class Statuses {
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private Statuses() {}

  /** A copy of the resource that carries the status. */
  @SuppressWarnings("unchecked") // a kind's status type is the type that its own report returns
  static <R extends CustomResource<?, ?>> R replaced(R resource, Reported<?> status) {
    R copy = SERIALIZATION.clone(resource);
    ((CustomResource<?, Object>) copy).setStatus(status);
    return copy;
  }
}
