package dev.kumiko.reconcile.sdk;

import dev.kumiko.reconcile.ObjectKey;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/**
 * Deletes exactly this object: one that was recreated under the same name stays. The typed client
 * cannot ask for that.
 */
record Deletion(String path, DeleteOptions options) {
  static Deletion of(HasMetadata object) {
    DeleteOptionsBuilder options =
        new DeleteOptionsBuilder()
            .withApiVersion("v1")
            .withKind("DeleteOptions")
            .withPropagationPolicy("Background");
    String uid = object.getMetadata().getUid();
    if (uid != null && !uid.isEmpty()) {
      options.withNewPreconditions(null, uid);
    }
    return new Deletion(path(object), options.build());
  }

  /** An object that is not there, or is another one by now, is success. */
  Result run(KubernetesClient client) {
    try {
      String answer = client.raw(path, "DELETE", options);
      GenericKubernetesResource left =
          client.getKubernetesSerialization().unmarshal(answer, GenericKubernetesResource.class);
      return left.getMetadata() == null || left.getMetadata().getDeletionTimestamp() == null
          ? new Result.Gone()
          : new Result.Ending(answer);
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case ApiCalls.NOT_FOUND -> new Result.Gone();
        case ApiCalls.CONFLICT -> new Result.Another();
        default -> throw e;
      };
    }
  }

  private static String path(HasMetadata object) {
    ObjectKey key = ObjectKey.of(object);
    String version = object.getApiVersion();
    return (version.contains("/") ? "/apis/" : "/api/")
        + version
        + (object instanceof Namespaced ? "/namespaces/" + key.namespace() : "")
        + "/"
        + object.getPlural()
        + "/"
        + key.name();
  }

  /** What became of the object. */
  sealed interface Result {
    /** It is there no more. */
    record Gone() implements Result {}

    /** It is on its way out, held by finalizers or by what it contains. */
    record Ending(String json) implements Result {}

    /** Another object has its name. */
    record Another() implements Result {}
  }
}
