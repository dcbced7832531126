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

  private static final String DEFAULT = "Enforce";

  /** Whether anything is done for it; not for a value that nobody understands, either. */
  public static boolean isEnforced(HasMetadata resource) {
    return value(resource).equals(DEFAULT);
  }

  private static String value(HasMetadata resource) {
    Map<String, String> annotations = resource.getMetadata().getAnnotations();
    return annotations == null ? DEFAULT : annotations.getOrDefault(Kumiko.RECONCILE, DEFAULT);
  }

  /**
   * @throws Rejection for any other value
   */
  static Mode of(HasMetadata resource) {
    String value = value(resource);
    return switch (value) {
      case DEFAULT -> ENFORCE;
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
