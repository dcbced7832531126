package dev.kumiko.storage.ceph;

/**
 * One client of the cluster, as Ceph names it.
 *
 * @param address {@code ip:port/nonce}, in IPv6 {@code [ip]:port/nonce}
 * @param id the number in {@code client.N}
 */
public record CephClient(String address, long id) {

  /** The address without port and nonce: the host. */
  public String host() {
    return hostOf(address);
  }

  static String hostOf(String address) {
    if (address.startsWith("[")) {
      return address.substring(1, address.indexOf(']'));
    }
    int colon = address.indexOf(':');
    return colon < 0 || address.indexOf(':', colon + 1) >= 0
        ? address
        : address.substring(0, colon);
  }
}
