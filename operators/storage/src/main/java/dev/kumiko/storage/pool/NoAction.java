package dev.kumiko.storage.pool;

import dev.kumiko.reconcile.Action;

/** Nothing is ever done to a pool: it belongs to the owner of the cluster. Has no instances. */
final class NoAction implements Action {
  private NoAction() {}

  @Override
  public String target() {
    return "";
  }

  @Override
  public String describe() {
    return "";
  }
}
