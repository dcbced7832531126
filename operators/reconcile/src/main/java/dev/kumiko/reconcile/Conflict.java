package dev.kumiko.reconcile;

/** Somebody else wrote the object since it was read; the pass is repeated on the newer version. */
public final class Conflict extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Conflict(String message) {
    super(message);
  }
}
