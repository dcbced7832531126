package dev.kumiko.network.claim;

import dev.kumiko.network.address.Prefix;
import dev.kumiko.v1alpha1.Claim;

/**
 * The name of a claim, which is what makes it unique. All are unique on one fabric.
 *
 * @param name of the Claim object
 * @param value that is taken, for people
 */
public record ClaimName(String name, String value) {
  /** What the names of claimed prefixes begin with on every fabric. */
  public static final String SUBNETS = "subnet.";

  /** What the names of claimed addresses begin with on every fabric. */
  public static final String ADDRESSES = "ip.";

  public static ClaimName vlan(String fabric, int vlan) {
    return new ClaimName(vlans(fabric) + vlan, Integer.toString(vlan));
  }

  public static ClaimName subnet(String fabric, Prefix prefix) {
    return new ClaimName(subnets(fabric) + prefix.toString().replace('/', '-'), prefix.toString());
  }

  public static ClaimName address(String fabric, long address) {
    String text = Prefix.text(address);
    return new ClaimName(addresses(fabric) + text, text);
  }

  public static ClaimName mac(String fabric, String mac) {
    return new ClaimName(macs(fabric) + mac.replace(':', '-'), mac);
  }

  /** The fabric on which a claim holds. */
  public static String fabricOf(Claim claim) {
    return claim.getMetadata().getName().split("\\.", -1)[1];
  }

  /** What all names of VLANs on a fabric begin with; the same for the others. */
  public static String vlans(String fabric) {
    return "vlan." + fabric + ".";
  }

  public static String subnets(String fabric) {
    return SUBNETS + fabric + ".";
  }

  public static String addresses(String fabric) {
    return ADDRESSES + fabric + ".";
  }

  public static String macs(String fabric) {
    return "mac." + fabric + ".";
  }
}
