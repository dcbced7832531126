package dev.kumiko.network.network;

import dev.kumiko.network.fabric.Chassis;
import dev.kumiko.network.network.ObservedNetwork.Member;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.v1alpha1.Host;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The Hosts that networks are to reach; one that is being deleted is none of them any more. */
final class DeclaredHosts {
  private final Cluster cluster;
  private final AtomicReference<Map<String, String>> known = new AtomicReference<>(Map.of());

  DeclaredHosts(Cluster cluster) {
    this.cluster = cluster;
  }

  /** The Hosts, each with what stands for it among these chassis. */
  List<Member> among(List<Chassis> chassis) {
    Map<String, Chassis> byName =
        chassis.stream()
            .collect(Collectors.toMap(Chassis::name, Function.identity(), (one, other) -> one));
    return chassisByHost().entrySet().stream()
        .map(e -> new Member(e.getKey(), Optional.ofNullable(byName.get(e.getValue()))))
        .toList();
  }

  /** Whether Hosts came, went or go by another name on the fabric since this was asked last. */
  boolean haveChanged() {
    Map<String, String> now = chassisByHost();
    return !now.equals(known.getAndSet(now));
  }

  private SortedMap<String, String> chassisByHost() {
    return cluster.list(Host.class).stream()
        .filter(host -> host.getMetadata().getDeletionTimestamp() == null)
        .collect(
            Collectors.toMap(
                host -> host.getMetadata().getName(),
                Host::chassis,
                (one, other) -> one,
                TreeMap::new));
  }
}
