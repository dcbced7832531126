package dev.kumiko.compute.host;

import dev.kumiko.compute.libvirt.Credentials;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Wait;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Secrets with which hosts are reached.
 *
 * @param namespace the operators' own
 */
record TlsSecrets(Cluster cluster, String namespace) {
  private static final List<String> KEYS = List.of("ca.crt", "tls.crt", "tls.key");

  /** What is wrong with the Secret; its keys are those of type kubernetes.io/tls. */
  Optional<Wait> flaw(String name) {
    String full = namespace + "/" + name;
    Optional<Secret> secret = secret(name);
    if (secret.isEmpty()) {
      return Optional.of(Wait.missing("Secret", full));
    }
    return KEYS.stream()
        .filter(key -> !data(secret.get()).containsKey(key))
        .findFirst()
        .map(key ->
            new Wait(
                "Secret",
                full,
                "IncompleteSecret",
                "Secret " + full + " has no " + key + ": add it"));
  }

  Optional<Credentials> credentials(String name) {
    return secret(name)
        .map(TlsSecrets::data)
        .map(data ->
            new Credentials(pem(data, "ca.crt"), pem(data, "tls.crt"), pem(data, "tls.key")));
  }

  private Optional<Secret> secret(String name) {
    return cluster.get(Secret.class, namespace, name);
  }

  private static Map<String, String> data(Secret secret) {
    return Optional.ofNullable(secret.getData()).orElseGet(Map::of);
  }

  private static String pem(Map<String, String> data, String key) {
    byte[] decoded = Base64.getDecoder().decode(data.getOrDefault(key, ""));
    return new String(decoded, StandardCharsets.UTF_8);
  }
}
