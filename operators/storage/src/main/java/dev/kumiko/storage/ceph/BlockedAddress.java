package dev.kumiko.storage.ceph;

import java.time.Duration;
import java.time.Instant;

/**
 * One entry of the cluster's blocklist. One that ends by itself soon covers nobody: it was made by
 * hand, or by a client that took a lock over, and whoever it refuses could write again.
 *
 * @param address {@code ip:0/0} for a whole host, {@code ip:port/nonce} for one client
 */
public record BlockedAddress(String address, Instant until) {
  private static final Duration LASTING = Duration.ofDays(365);

  /** Whether this entry refuses {@code client}. */
  public boolean covers(CephClient client) {
    return lasts() && (address.equals(client.address()) || isHost(client.host()));
  }

  /** Whether this entry refuses every client of the host at {@code ip}. */
  public boolean coversHost(String ip) {
    return lasts() && isHost(ip);
  }

  /** Whether this entry is for all of the host at {@code ip}, for however long. */
  public boolean isHost(String ip) {
    return address.endsWith(":0/0") && CephClient.hostOf(address).equals(ip);
  }

  boolean lasts() {
    return until.isAfter(Instant.now().plus(LASTING));
  }

  /** Whether this is what was made by blocking {@code given}, a client's address or an ip. */
  boolean isOf(String given) {
    return address.equals(given) || isHost(given);
  }
}
