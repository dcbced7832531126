package dev.kumiko.network.fabric;

import dev.kumiko.reconcile.Ownership;
import java.util.List;

/**
 * One VLAN with its prefix, its router and its address service.
 *
 * @param owner the Network resource
 * @param vrfUid UID of the Vrf resource that routes it
 * @param name for people who look at the fabric
 * @param physicalNetwork what the chassis map to their uplink
 * @param vlan VLAN id on the uplinks
 * @param subnet its IPv4 prefix, in CIDR notation
 * @param gateway address of the router inside the prefix
 * @param routerMac MAC of the router
 * @param mtuBytes largest packet
 * @param dhcp whether the fabric answers DHCP
 * @param dns name servers given by DHCP
 * @param routes further routes given by DHCP
 */
public record SegmentShape(
    Ownership owner,
    String vrfUid,
    String name,
    String physicalNetwork,
    int vlan,
    String subnet,
    String gateway,
    String routerMac,
    int mtuBytes,
    boolean dhcp,
    List<String> dns,
    List<Route> routes) {

  /** A prefix and its next hop. */
  public record Route(String destination, String via) {}

  public SegmentShape {
    dns = List.copyOf(dns);
    routes = List.copyOf(routes);
  }
}
