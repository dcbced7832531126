package dev.kumiko.reconcile;

/**
 * What a resource waits for; the loop adds since when.
 *
 * @param kind of the object, or {@code Endpoint}
 * @param name of the object; in another namespace {@code namespace/name}
 * @param reason CamelCase constant
 * @param message what is missing and what to do about it
 */
public record Wait(String kind, String name, String reason, String message) {
  /** An object that does not exist yet. */
  public static Wait missing(String kind, String name) {
    return new Wait(
        kind, name, kind + "NotFound", kind + " " + name + " does not exist: create it");
  }

  /** An object that exists and is not Ready. */
  public static Wait notReady(String kind, String name) {
    return new Wait(
        kind, name, kind + "NotReady", kind + " " + name + " is not Ready: see its conditions");
  }

  /** An object that still refers to this one and keeps it from being deleted. */
  public static Wait referrer(String kind, String name) {
    return new Wait(
        kind, name, "InUse", kind + " " + name + " still uses it: delete or change that first");
  }
}
