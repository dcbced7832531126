package dev.kumiko.storage.ceph;

import dev.kumiko.reconcile.Unavailable;

/** Turns the return codes of one connection into exceptions, and remembers whether it is lost. */
final class Failures {
  private static final int ENOTCONN = 107;
  private static final int ESHUTDOWN = 108;
  private static final int ETIMEDOUT = 110;

  private final String endpoint;
  private volatile boolean blocklisted;

  Failures(String endpoint) {
    this.endpoint = endpoint;
  }

  /** Whether Ceph refuses this client for good, so that only a new connection helps. */
  boolean isBlocklisted() {
    return blocklisted;
  }

  /** Passes a result that is not negative. */
  int check(String operation, long result) {
    if (result < 0) {
      throw of(operation, Math.toIntExact(result));
    }
    return Math.toIntExact(result);
  }

  /**
   * Whether a request that is refused for another reason when it is permitted was permitted; passes
   * on that Ceph does not answer.
   */
  boolean isPermitted(int returnCode, String status) {
    if (returnCode >= 0) {
      return true;
    }
    RuntimeException refusal = of("probe a permission", returnCode, status);
    if (refusal instanceof CephException answer) {
      return answer.reason() != CephException.Reason.DENIED;
    }
    throw refusal;
  }

  RuntimeException of(String operation, int returnCode) {
    return of(operation, returnCode, "");
  }

  RuntimeException of(String operation, int returnCode, String status) {
    return switch (-returnCode) {
      case ETIMEDOUT, ENOTCONN -> new Unavailable(endpoint, operation + ": Ceph does not answer");
      case ESHUTDOWN -> {
        blocklisted = true;
        yield new Unavailable(endpoint, operation + ": this client is blocklisted");
      }
      default -> CephException.of(operation, returnCode, status);
    };
  }
}
