package dev.kumiko.network.fabric;

/**
 * How a fabric's controller is reached. Holds no secret.
 *
 * @param name of the Fabric resource
 * @param northbound where the configuration database listens
 * @param southbound where the state database listens
 * @param secret name of the Secret with the TLS identity; empty for none
 * @param secretVersion changes when the Secret does
 */
public record FabricSettings(
    String name, String northbound, String southbound, String secret, String secretVersion) {

  /** Its name among the outside endpoints. */
  public String endpoint() {
    return endpoint(name);
  }

  /** The same for the name of a Fabric resource. */
  public static String endpoint(String fabric) {
    return "ovn/" + fabric;
  }

  /** For people. */
  public String describe() {
    return northbound + " and " + southbound + (secret.isEmpty() ? "" : " as " + secret);
  }
}
