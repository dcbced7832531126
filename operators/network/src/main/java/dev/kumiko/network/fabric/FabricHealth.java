package dev.kumiko.network.fabric;

import java.util.Optional;

/**
 * Whether the fabric's controller can be reached.
 *
 * @param controller the address in use, empty while there is none
 * @param version the controller's version, empty while unknown
 * @param trouble what is wrong and what is tried, empty when all is well
 */
public record FabricHealth(
    Optional<String> controller, Optional<String> version, Optional<String> trouble) {

  /** True when rows can be read and committed. */
  public boolean isConnected() {
    return trouble.isEmpty();
  }
}
