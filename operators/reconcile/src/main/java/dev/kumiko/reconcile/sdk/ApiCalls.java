package dev.kumiko.reconcile.sdk;

import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;

/** Calls of the Kubernetes API: counted, timed, and their failures in the words of the loop. */
final class ApiCalls {
  static final int CONFLICT = HttpURLConnection.HTTP_CONFLICT;
  static final int NOT_FOUND = HttpURLConnection.HTTP_NOT_FOUND;
  private static final int FORBIDDEN = HttpURLConnection.HTTP_FORBIDDEN;
  private static final int INVALID = 422;
  private static final String ENDPOINT = "kubernetes";
  private final MeterRegistry meters;

  ApiCalls(MeterRegistry meters) {
    this.meters = meters;
  }

  /**
   * @throws Unavailable for every failure that another try may mend
   * @throws Rejection when the API server finds the object invalid
   * @throws Conflict when the object changed since it was read
   */
  <T> T call(String verb, Class<? extends HasMetadata> type, Supplier<T> work) {
    Timer.Sample sample = Timer.start(meters);
    String outcome = "failed";
    try {
      T result = work.get();
      outcome = "done";
      return result;
    } catch (KubernetesClientException e) {
      String what = verb + " " + type.getSimpleName();
      throw switch (e.getCode()) {
        case CONFLICT -> new Conflict(what + ": " + message(e));
        case INVALID -> new Rejection("Invalid" + type.getSimpleName(), what + ": " + message(e));
        case FORBIDDEN -> forbidden(what, e);
        default -> new Unavailable(ENDPOINT, what + ": " + message(e), e);
      };
    } finally {
      sample.stop(
          meters.timer(
              "kumiko.api.calls", "verb", verb, "kind", type.getSimpleName(), "outcome", outcome));
    }
  }

  private static Unavailable forbidden(String what, KubernetesClientException e) {
    String message = message(e);
    return message.contains("exceeded quota")
        ? Unavailable.because(
            "QuotaExceeded",
            ENDPOINT,
            "%s: the tenant's quota is used up: delete something, or have spec.quota raised: %s"
                .formatted(what, message),
            e)
        : Unavailable.because(
            "RoleMissing",
            ENDPOINT,
            """
            %s: the operator may not. In a new tenant's namespace its role comes a moment later; \
            otherwise install its chart's roles: %s\
            """
                .formatted(what, message),
            e);
  }

  private static String message(KubernetesClientException e) {
    return Optional.ofNullable(e.getStatus())
        .map(Status::getMessage)
        .or(() -> Optional.ofNullable(e.getMessage()))
        .orElse("no answer");
  }
}
