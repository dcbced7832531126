package dev.kumiko.reconcile;

import dev.kumiko.v1alpha1.Kumiko;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;

/** What the annotation {@code kumiko.dev/reconcile} asks for. */
public enum Mode {
  /** Make it true. */
  ENFORCE,
  /** Say what would be done. */
  PLAN,
  /** Do nothing. */
  PAUSED;

  /**
   * @throws Rejection for any other value
   */
  static Mode of(HasMetadata resource) {
    Map<String, String> annotations = resource.getMetadata().getAnnotations();
    String value =
        annotations == null ? "Enforce" : annotations.getOrDefault(Kumiko.RECONCILE, "Enforce");
    return switch (value) {
      case "Enforce" -> ENFORCE;
      case "Plan" -> PLAN;
      case "Paused" -> PAUSED;
      default ->
          throw new Rejection(
              "InvalidReconcileMode",
              "annotation "
                  + Kumiko.RECONCILE
                  + " is '"
                  + value
                  + "': use Enforce, Plan or Paused");
    };
  }
}
