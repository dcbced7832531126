package dev.kumiko.reconcile;

/** Of kinds about which nothing is ever done. Has no instances. */
public final class NoAction implements Action {
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
