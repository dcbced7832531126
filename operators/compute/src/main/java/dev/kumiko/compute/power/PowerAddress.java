package dev.kumiko.compute.power;

import dev.kumiko.v1alpha1.Host;
import java.util.Optional;

/**
 * Where a machine's power is switched.
 *
 * @param host the Host's name
 * @param url of the power controller
 * @param system what the machine is called there
 * @param certificates in PEM, of those that the power controller may be signed by; empty: the
 *     public authorities
 */
public record PowerAddress(String host, String url, String system, Optional<String> certificates) {
  static PowerAddress of(String host, Host.Redfish asked) {
    return new PowerAddress(
        host, asked.url(), asked.system(), Optional.ofNullable(asked.certificates()));
  }
}
