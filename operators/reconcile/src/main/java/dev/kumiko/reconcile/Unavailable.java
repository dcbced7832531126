package dev.kumiko.reconcile;

import org.jspecify.annotations.Nullable;

/** An outside endpoint did not do what it was asked in time; worth another try. */
public final class Unavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String endpoint;

  /**
   * @param endpoint for example {@code libvirt/h1}
   * @param message free of secrets
   */
  public Unavailable(String endpoint, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.endpoint = endpoint;
  }

  public Unavailable(String endpoint, String message) {
    this(endpoint, message, null);
  }

  public String endpoint() {
    return endpoint;
  }

  Wait asWait() {
    return new Wait("Endpoint", endpoint, "EndpointUnavailable", endpoint + ": " + getMessage());
  }
}
