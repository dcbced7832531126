package dev.kumiko.storage.attachment;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.storage.ceph.BlockedAddress;
import dev.kumiko.storage.ceph.CephPool;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Fence;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the Fences of its hosts mean for an Attachment. */
record FencesOfHosts(Cluster cluster) {
  /** By it a report knows that what was granted is revoked. */
  static final String REASON = "HostFenced";

  /** Those of its hosts that were given up: nobody may write from there. */
  List<String> shut(Attachment attachment) {
    return attachment.getSpec().hosts().stream().filter(host -> is(host, Fence::isShut)).toList();
  }

  static Wait wait(String host) {
    return new Wait(
        "Fence",
        host,
        REASON,
        "Host %s was given up: nothing on it may write until it is back".formatted(host));
  }

  /** One pool that does not let a host in again keeps its own volumes from it, and no others. */
  List<Wait> waits(Set<String> hosts, String pool) {
    return hosts.stream()
        .filter(host -> is(host, fence -> fence.getSpec().released() && isKeptOut(fence, pool)))
        .map(host ->
            new Wait(
                "Fence",
                host,
                "PoolStillRefusing",
                "Host %s is back, and StoragePool %s does not let it in again yet"
                    .formatted(host, pool)))
        .toList();
  }

  /** What was seen before the host was let in tells nothing of that. */
  private static boolean isKeptOut(Fence fence, String pool) {
    return !fence.isAnswered()
        || fence.observed().pools().stream().anyMatch(p -> p.pool().equals(pool) && p.refuses());
  }

  private boolean is(String host, Predicate<Fence> so) {
    return cluster.get(Fence.class, "", host).filter(so).isPresent();
  }

  /**
   * The hosts, named now or granted before, that were given up and that the pool does not refuse.
   * Past every cache: the Fence is older than a deletion that rests on it, but of two kinds the
   * cache may hear in the other order.
   */
  Set<String> unrefused(Attachment attachment, CephPool pool) {
    List<Fence> shut =
        hosts(attachment)
            .flatMap(host -> cluster.fresh(Fence.class, "", host).stream())
            .filter(Fence::isShut)
            .toList();
    List<BlockedAddress> blocklist = shut.isEmpty() ? List.of() : pool.blocklist();
    return shut.stream()
        .filter(fence -> !isRefused(fence, blocklist))
        .map(fence -> fence.getMetadata().getName())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** A host without an address is refused by nobody. */
  private static boolean isRefused(Fence fence, List<BlockedAddress> blocklist) {
    List<String> addresses = fence.getSpec().addresses();
    return !addresses.isEmpty()
        && addresses.stream()
            .allMatch(ip -> blocklist.stream().anyMatch(entry -> entry.coversHost(ip)));
  }

  /** As long as a host is only suspected, its Fence changes often and means nothing here. */
  List<ObjectKey> concerned(Fence fence) {
    String host = fence.getMetadata().getName();
    return fence.getSpec().stage() == Fence.Stage.GivenUp
        ? cluster.list(Attachment.class).stream()
            .filter(attachment -> hosts(attachment).anyMatch(host::equals))
            .map(ObjectKey::of)
            .toList()
        : List.of();
  }

  private static Stream<String> hosts(Attachment attachment) {
    return Stream.concat(
            attachment.getSpec().hosts().stream(), attachment.observed().grantedHosts().stream())
        .distinct();
  }
}
