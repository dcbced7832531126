package dev.kumiko.storage.ceph;

import dev.kumiko.reconcile.Unavailable;

/** Ceph answered, and did not do what it was asked; the reason says what mends it. */
public final class CephException extends RuntimeException {
  /** What kind of failure it is. */
  public enum Reason {
    /** The key lacks a permission. */
    DENIED,
    /** There is no such pool, image or snapshot. */
    MISSING,
    /** Another image has the name. */
    EXISTS,
    /** The image is open somewhere, or has clones. */
    BUSY,
    /** The pool or its quota is full. */
    FULL,
    /** Anything else; the message has Ceph's error. */
    FAILED
  }

  private static final int EPERM = 1;
  private static final int ENOENT = 2;
  private static final int EACCES = 13;
  private static final int EBUSY = 16;
  private static final int EEXIST = 17;
  private static final int ENOSPC = 28;
  private static final int ENOTEMPTY = 39;
  private static final int EDQUOT = 122;

  private final Reason reason;

  public CephException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** For a negative return code of librados or librbd (Linux errno numbers). */
  static CephException of(String operation, int returnCode, String status) {
    Reason reason = reason(-returnCode);
    String detail = status.isBlank() ? "" : ": " + status.strip();
    return new CephException(
        reason, "%s: %s%s".formatted(operation, describe(reason, -returnCode), detail));
  }

  public Reason reason() {
    return reason;
  }

  /** For a caller to whom every reason means: say so and try again. */
  public Unavailable asUnavailable(String endpoint) {
    return new Unavailable(endpoint, String.valueOf(getMessage()), this);
  }

  private static Reason reason(int errno) {
    return switch (errno) {
      case EPERM, EACCES -> Reason.DENIED;
      case ENOENT -> Reason.MISSING;
      case EBUSY, ENOTEMPTY -> Reason.BUSY;
      case EEXIST -> Reason.EXISTS;
      case ENOSPC, EDQUOT -> Reason.FULL;
      default -> Reason.FAILED;
    };
  }

  private static String describe(Reason reason, int errno) {
    return switch (reason) {
      case DENIED -> "the key does not permit it";
      case MISSING -> "not found";
      case BUSY -> "in use";
      case EXISTS -> "the name is taken";
      case FULL -> "the pool is full";
      case FAILED -> "error " + errno;
    };
  }
}
