package dev.kumiko.storage.ceph;

import java.time.Instant;

/**
 * One entry of the cluster's blocklist.
 *
 * @param address {@code ip:0/0} for a whole host, {@code ip:port/nonce} for one client
 */
public record BlockedAddress(String address, Instant until) {

  /** Whether this entry refuses {@code client}. */
  public boolean covers(CephClient client) {
    return address.equals(client.address())
        || (address.endsWith(":0/0") && CephClient.hostOf(address).equals(client.host()));
  }

  /** Whether this entry refuses every client of the host at {@code ip}. */
  public boolean coversHost(String ip) {
    return address.endsWith(":0/0") && CephClient.hostOf(address).equals(ip);
  }
}
