package dev.kumiko.reconcile.sdk;

import dev.kumiko.v1alpha1.Kumiko;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes our finalizer off one version of one object. */
record Release<T extends HasMetadata>(T object, List<String> left) {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  /** Empty when the object does not carry our finalizer. */
  static <T extends HasMetadata> Optional<Release<T>> of(T object) {
    List<String> finalizers = object.getMetadata().getFinalizers();
    return finalizers.contains(Kumiko.FINALIZER)
        ? Optional.of(
            new Release<>(
                object, finalizers.stream().filter(f -> !f.equals(Kumiko.FINALIZER)).toList()))
        : Optional.empty();
  }

  /** The object, if other finalizers hold it; the API server refuses another version (409). */
  Optional<T> run(KubernetesClient client) {
    ObjectMeta version = object.getMetadata();
    Map<String, Object> metadata =
        Map.of(
            "uid", version.getUid(),
            "resourceVersion", version.getResourceVersion(),
            "finalizers", left);
    String patch = client.getKubernetesSerialization().asJson(Map.of("metadata", metadata));
    try {
      T answer = client.resource(object).patch(MERGE, patch);
      return left.isEmpty() ? Optional.empty() : Optional.of(answer);
    } catch (KubernetesClientException e) {
      if (e.getCode() == ApiCalls.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
