package dev.kumiko.storage.ceph;

import java.util.List;
import java.util.Optional;

/**
 * How to reach one pool.
 *
 * @param monitors addresses as in {@code mon_host}, for example {@code 10.78.0.1:3300}
 * @param dataPool the erasure-coded pool for content, if content lives apart from the images'
 *     headers
 * @param user the name without {@code client.}
 * @param key the cephx key; never logged or written to a file
 */
public record CephCredentials(
    List<String> monitors, String pool, Optional<String> dataPool, String user, String key) {

  public CephCredentials {
    monitors = List.copyOf(monitors);
  }

  @Override
  public String toString() {
    return "client.%s at %s, pool %s".formatted(user, monitors, pool);
  }
}
