package dev.kumiko.network.fabric;

import dev.kumiko.reconcile.Wait;
import java.util.Set;

/**
 * A host's switch as the fabric sees it.
 *
 * @param name its identity in the fabric
 * @param hostname the host's own name
 * @param generation the newest generation it has programmed
 * @param live false when it is registered but has not followed the newest generation for longer
 *     than patience allows
 * @param physicalNetworks what it has an uplink for
 */
public record Chassis(
    String name, String hostname, long generation, boolean live, Set<String> physicalNetworks) {
  public Chassis {
    physicalNetworks = Set.copyOf(physicalNetworks);
  }

  /** Whether rows of that generation work there: programmed, followed up, and with a wire. */
  public boolean carries(long rows, String physicalNetwork) {
    return live && generation >= rows && physicalNetworks.contains(physicalNetwork);
  }

  /** What keeps a host from carrying a network that it has no uplink for. */
  public Wait unmapped(String host, String physicalNetwork) {
    return new Wait(
        "Host",
        host,
        "NotMapped",
        "Host %s has no bridge for the physical network %s: set ovn-bridge-mappings there"
            .formatted(host, physicalNetwork));
  }
}
