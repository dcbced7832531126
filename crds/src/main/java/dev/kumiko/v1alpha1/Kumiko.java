package dev.kumiko.v1alpha1;

/** Names that belong to the API: group, version, annotations, labels, categories. */
public final class Kumiko {
  public static final String GROUP = "kumiko.dev";
  public static final String VERSION = "v1alpha1";
  public static final String CATEGORY = "kumiko";

  /** Annotation: {@code Enforce} (default), {@code Plan} or {@code Paused}. */
  public static final String RECONCILE = "kumiko.dev/reconcile";

  /** Annotation on a VirtualMachine: any new value restarts the guest once. */
  public static final String RESTARTED_AT = "kumiko.dev/restartedAt";

  /**
   * Annotation on a Host: {@code "true"} gives it up without waiting for the verdict. It counts
   * until the host answers; for another outage it is taken away and set again.
   */
  public static final String GIVE_UP = "kumiko.dev/give-up";

  /** Annotation: {@code "true"} refuses deletion. */
  public static final String PROTECTED = "kumiko.dev/deletion-protection";

  /** Label on a tenant's namespace: the Tenant's name. */
  public static final String TENANT = "kumiko.dev/tenant";

  /** Namespace of the operators; the secrets that cluster-scoped kinds name are read from there. */
  public static final String SYSTEM_NAMESPACE = "kumiko-system";

  /** Finalizer that the operator of every kind sets. */
  public static final String FINALIZER = "kumiko.dev/finalizer";

  private Kumiko() {}
}
