package dev.kumiko.network.fabric;

import dev.kumiko.reconcile.Wait;
import java.util.Optional;

/**
 * Whether the fabric's controller can be reached, and does its work.
 *
 * @param controller the address in use, empty while there is none
 * @param version the controller's version, empty while unknown
 * @param trouble what is wrong and what is tried, empty when it can be reached
 * @param lag why no host can get what was committed last, empty when they can
 */
public record FabricHealth(
    Optional<String> controller,
    Optional<String> version,
    Optional<String> trouble,
    Optional<String> lag) {

  /** Of a fabric that is not asked. */
  public static final FabricHealth UNKNOWN =
      new FabricHealth(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** What keeps hosts from following although it is not theirs to mend. */
  public Optional<Wait> lagging(String endpoint) {
    return lag.map(why -> new Wait("Endpoint", endpoint, "NorthdLags", endpoint + ": " + why));
  }

  /** True when rows can be read and committed. */
  public boolean isConnected() {
    return trouble.isEmpty();
  }
}
