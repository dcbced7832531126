package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.v1alpha1.Fabric;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.StoragePool;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What tenants have no business with, wherever it is: libvirt hosts, Ceph, fabric controllers, and
 * what else the platform team names.
 *
 * @param denied addresses, blocks and names that are denied besides
 */
record ManagementAddresses(Cluster cluster, Resolver resolver, List<String> denied)
    implements Predicate<InetAddress> {
  ManagementAddresses {
    denied = List.copyOf(denied);
  }

  /** As the resources are now. */
  @Override
  public boolean test(InetAddress address) {
    InetAddress target = AddressScope.target(address);
    return Stream.of(denied.stream(), hosts(), monitors(), controllers())
        .flatMap(entries -> entries)
        .anyMatch(entry -> has(entry, target));
  }

  private Stream<String> hosts() {
    return cluster.list(Host.class).stream()
        .flatMap(host ->
            Stream.concat(
                Stream.of(authority(host.getSpec().connection().uri())),
                host.getSpec().storageAddresses().stream()));
  }

  private Stream<String> monitors() {
    return cluster.list(StoragePool.class).stream()
        .flatMap(pool -> pool.getSpec().monitors().stream())
        .map(ManagementAddresses::withoutPort);
  }

  private Stream<String> controllers() {
    return cluster.list(Fabric.class).stream()
        .map(fabric -> fabric.getSpec().ovn())
        .flatMap(Stream::ofNullable)
        .flatMap(ovn -> Stream.of(ovn.northbound(), ovn.southbound()))
        .flatMap(servers -> Stream.of(servers.split(",")))
        .map(server -> withoutPort(server.replaceFirst("^\\w+:", "")));
  }

  /** The host of what need not be a valid URI. */
  private static String authority(String uri) {
    return withoutPort(
        uri.replaceFirst("^[^:]*://", "").replaceFirst("[/?].*$", "").replaceFirst("^.*@", ""));
  }

  private static String withoutPort(String server) {
    return server.replaceFirst("^\\[([^]]*)].*$", "$1").replaceFirst("^([^:]*):[^:]*$", "$1");
  }

  private boolean has(String entry, InetAddress address) {
    try {
      return AddressBlock.parse(entry).contains(address);
    } catch (IllegalArgumentException e) {
      return resolved(entry).stream().map(AddressScope::target).anyMatch(address::equals);
    }
  }

  /** A name that does not resolve leads nowhere. */
  private List<InetAddress> resolved(String name) {
    try {
      return resolver.resolve(name);
    } catch (UnknownHostException e) {
      return List.of();
    }
  }
}
