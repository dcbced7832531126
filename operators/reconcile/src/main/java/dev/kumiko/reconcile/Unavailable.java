package dev.kumiko.reconcile;

import org.jspecify.annotations.Nullable;

/** An outside endpoint did not do what it was asked in time; worth another try. */
public final class Unavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String REASON = "EndpointUnavailable";
  private final String endpoint;
  private final String reason;

  /**
   * @param endpoint for example {@code libvirt/h1}
   * @param message free of secrets
   */
  public Unavailable(String endpoint, String message, @Nullable Throwable cause) {
    this(endpoint, REASON, message, cause);
  }

  private Unavailable(String endpoint, String reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.endpoint = endpoint;
    this.reason = reason;
  }

  public Unavailable(String endpoint, String message) {
    this(endpoint, message, null);
  }

  /**
   * It answers, and does not do this now.
   *
   * @param reason CamelCase constant
   */
  public static Unavailable because(
      String reason, String endpoint, String message, Throwable cause) {
    return new Unavailable(endpoint, reason, message, cause);
  }

  public String endpoint() {
    return endpoint;
  }

  public String reason() {
    return reason;
  }

  Wait asWait() {
    return new Wait("Endpoint", endpoint, reason, endpoint + ": " + getMessage());
  }
}
