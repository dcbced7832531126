package dev.kumiko.compute.power;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Rejection;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * The Secrets with the accounts of power controllers.
 *
 * @param namespace the operators' own
 */
record PowerAccounts(Cluster cluster, String namespace) {
  /**
   * @throws Rejection when the Secret is missing or lacks a key
   */
  PowerLogin login(String secret) {
    String full = namespace + "/" + secret;
    Map<String, String> content =
        cluster
            .get(Secret.class, namespace, secret)
            .map(found -> Optional.ofNullable(found.getData()).orElseGet(Map::of))
            .orElseThrow(() ->
                new Rejection(
                    "PowerOffFailed",
                    "Secret " + full + " does not exist: create it with username and password"));
    return new PowerLogin(text(content, full, "username"), text(content, full, "password"));
  }

  /** Files that Secrets are made from tend to end with a line's end. */
  private static String text(Map<String, String> content, String secret, String key) {
    return Optional.ofNullable(content.get(key))
        .map(encoded -> new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8))
        .map(text -> text.replaceFirst("\\R+$", ""))
        .filter(text -> !text.isEmpty())
        .orElseThrow(() ->
            new Rejection("PowerOffFailed", "Secret " + secret + " has no " + key + ": add it"));
  }
}
