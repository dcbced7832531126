package dev.kumiko.storage.ceph;

/**
 * What our images are called in a pool: derived from the UID, so that nothing needs to be looked
 * up.
 */
public final class RbdNames {
  /** The snapshot of a golden image that volumes are cloned from. */
  public static final String BASE = "base";

  private RbdNames() {}

  public static String volume(String uid) {
    return "volume-" + uid;
  }

  public static String image(String uid) {
    return "image-" + uid;
  }

  /** The name that an image has until it is complete and marked. */
  public static String partial(String name) {
    return name + ".new";
  }
}
