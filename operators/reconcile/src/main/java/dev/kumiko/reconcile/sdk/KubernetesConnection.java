package dev.kumiko.reconcile.sdk;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;

/** The client as all operators use it: with a deadline on every call. */
public final class KubernetesConnection {
  /** Below the lease's renew deadline, so that a hanging API server costs the lease no sooner. */
  private static final Duration DEADLINE = Duration.ofSeconds(8);

  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final int RETRIES = 2;

  private KubernetesConnection() {}

  /** Connects as {@code KUBECONFIG} or the pod's service account says. */
  public static KubernetesClient open() {
    Config config = Config.autoConfigure(null);
    config.setRequestTimeout(Math.toIntExact(DEADLINE.toMillis()));
    config.setConnectionTimeout(Math.toIntExact(CONNECT.toMillis()));
    config.setRequestRetryBackoffLimit(RETRIES);
    config.setUserAgent("kumiko");
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
