package dev.kumiko.storage.attachment;

import com.google.common.collect.ImmutableSetMultimap;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.v1alpha1.StoragePool;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The ask for one grant, references resolved.
 *
 * @param disk where the volume's content is; empty if the Volume is gone
 * @param hostsOfAddress every Host, by the addresses that it has towards Ceph; two Hosts may name
 *     the same
 * @param hosts those that may write
 * @param running whether this epoch was granted before: then its guest may be at work
 */
record DesiredAttachment(
    Optional<Disk> disk,
    ImmutableSetMultimap<String, String> hostsOfAddress,
    Set<String> hosts,
    boolean running) {
  DesiredAttachment {
    hosts = Set.copyOf(hosts);
  }

  /** The RBD image of a volume. */
  record Disk(StoragePool pool, String rbdName) {}

  static DesiredAttachment nobody(
      Optional<Disk> disk, ImmutableSetMultimap<String, String> hostsOfAddress) {
    return new DesiredAttachment(disk, hostsOfAddress, Set.of(), true);
  }

  Set<String> hosts(CephClient client) {
    return hostsOfAddress.get(client.host());
  }

  boolean isAllowed(CephClient client) {
    return hosts(client).stream().anyMatch(hosts::contains);
  }

  private String name(CephClient client) {
    Set<String> names = hosts(client);
    return names.isEmpty()
        ? "a client that is on no Host"
        : "host " + String.join(" or ", new TreeSet<>(names));
  }

  /** For people, and without addresses: tenants read it. */
  String names(Collection<CephClient> clients) {
    return clients.stream().map(this::name).distinct().sorted().collect(Collectors.joining(", "));
  }
}
