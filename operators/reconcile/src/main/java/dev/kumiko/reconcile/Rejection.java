package dev.kumiko.reconcile;

/** The spec must change before anything more can happen; every other exception is retried. */
public final class Rejection extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String reason;

  /**
   * @param reason CamelCase constant
   * @param message names the field and the mend
   */
  public Rejection(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
