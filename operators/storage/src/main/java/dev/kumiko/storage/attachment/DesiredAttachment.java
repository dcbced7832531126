package dev.kumiko.storage.attachment;

import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.v1alpha1.StoragePool;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The ask for one grant, references resolved.
 *
 * @param disk where the volume's content is; empty if the Volume is gone
 * @param hostOfAddress every Host, by the addresses that it has towards Ceph
 * @param hosts those that may write
 * @param running whether this epoch was granted before: then its guest may be at work
 */
record DesiredAttachment(
    Optional<Disk> disk, Map<String, String> hostOfAddress, Set<String> hosts, boolean running) {
  DesiredAttachment {
    hostOfAddress = Map.copyOf(hostOfAddress);
    hosts = Set.copyOf(hosts);
  }

  /** The RBD image of a volume. */
  record Disk(StoragePool pool, String rbdName) {}

  static DesiredAttachment nobody(Optional<Disk> disk, Map<String, String> hostOfAddress) {
    return new DesiredAttachment(disk, hostOfAddress, Set.of(), true);
  }

  Optional<String> host(CephClient client) {
    return Optional.ofNullable(hostOfAddress.get(client.host()));
  }

  boolean isAllowed(CephClient client) {
    return host(client).filter(hosts::contains).isPresent();
  }

  /** For people, and without addresses: tenants read it. */
  String names(Collection<CephClient> clients) {
    return clients.stream()
        .map(client ->
            host(client).map(name -> "host " + name).orElse("a client that is on no Host"))
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
