package dev.kumiko.storage.work;

import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.storage.ceph.CephPool;

/** Removes RBD images, which takes time in proportion to their content. */
public final class Removals {
  private static final String PREFIX = "remove ";
  private final Works works;

  public Removals(Works works) {
    this.works = works;
  }

  /** Starts removing the image, unless that is under way. */
  public void start(CephPool pool, String image, ObjectKey about) {
    works.start(PREFIX + image, about, image, _ -> pool.remove(image));
  }

  public WorkState state(String image) {
    return works.state(PREFIX + image);
  }

  public static boolean isUnderWay(WorkState state) {
    return state instanceof WorkState.Running || state instanceof WorkState.Stopping;
  }

  /** How far it is, for users. */
  public static String explain(WorkState state) {
    return switch (state) {
      case WorkState.Failed failed -> "The RBD image could not be removed: " + failed.message();
      case WorkState.Refused refused -> "The RBD image cannot be removed: " + refused.message();
      case WorkState.Idle _, WorkState.Running _, WorkState.Stopping _ ->
          "The RBD image is being removed.";
    };
  }

  /** Whether another attempt is to be made now. */
  public static boolean mayStart(WorkState state) {
    return switch (state) {
      case WorkState.Idle _ -> true;
      case WorkState.Running _, WorkState.Stopping _, WorkState.Refused _ -> false;
      case WorkState.Failed failed -> failed.due();
    };
  }
}
