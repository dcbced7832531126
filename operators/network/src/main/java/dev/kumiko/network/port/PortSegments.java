package dev.kumiko.network.port;

import dev.kumiko.network.address.AddressPool;
import dev.kumiko.network.address.Prefix;
import dev.kumiko.network.claim.ClaimName;
import dev.kumiko.network.claim.Claims;
import dev.kumiko.network.port.DesiredPort.Place;
import dev.kumiko.network.port.DesiredPort.Segment;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Fabric;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.Vrf;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the network and the hosts of a port. */
final class PortSegments {
  /** What was found. */
  sealed interface Answer {}

  record Found(Segment segment) implements Answer {}

  record Missing(Wait on) implements Answer {}

  private final Cluster cluster;
  private final Claims claims;

  PortSegments(Cluster cluster, Claims claims) {
    this.cluster = cluster;
    this.claims = claims;
  }

  Answer of(Port port) {
    String namespace = port.getMetadata().getNamespace();
    String name = port.getSpec().network();
    Optional<Network> network = cluster.get(Network.class, namespace, name);
    if (network.isEmpty()) {
      return new Missing(Wait.missing("Network", name));
    }
    Optional<Integer> vlan = Optional.ofNullable(network.get().observed().vlan());
    Optional<Fabric> fabric = fabric(namespace).flatMap(f -> cluster.get(Fabric.class, "", f));
    if (vlan.isEmpty() || fabric.isEmpty()) {
      return new Missing(Wait.notReady("Network", name));
    }
    if (network.get().getMetadata().getDeletionTimestamp() != null
        && port.observed().ip() == null) {
      return new Missing(
          new Wait("Network", name, "NetworkDeleting", "Network " + name + " is being deleted"));
    }
    return new Found(segment(network.get(), fabric.get(), vlan.get()));
  }

  private static Segment segment(Network network, Fabric fabric, int vlan) {
    Network.Spec spec = network.getSpec();
    return new Segment(
        fabric.getMetadata().getName(),
        fabric.getSpec().ovn().physicalNetwork(),
        network.getMetadata().getName(),
        network.getMetadata().getUid(),
        AddressPool.of(
            spec.subnets().getFirst(),
            Optional.ofNullable(network.observed().prober()).map(Prefix::number)),
        vlan,
        spec.mtuBytes(),
        spec.dhcp() == Network.Dhcp.Enabled);
  }

  private Optional<String> fabric(String tenant) {
    return cluster
        .get(Vrf.class, "", tenant)
        .filter(vrf -> vrf.getSpec().tenant().equals(tenant))
        .or(() ->
            cluster.list(Vrf.class).stream()
                .filter(vrf -> vrf.getSpec().tenant().equals(tenant))
                .findFirst())
        .map(vrf -> vrf.getSpec().fabric());
  }

  List<Place> places(Port port) {
    return port.getSpec().hosts().stream().map(host -> new Place(host, chassis(host))).toList();
  }

  /** A host that is not declared goes by its own name. */
  private String chassis(String host) {
    return cluster.get(Host.class, "", host).map(Host::chassis).orElse(host);
  }

  /**
   * Where it was, for taking it away: by its tenant's VRF, else by what it claimed; empty when it
   * never was anywhere.
   */
  Segment former(Port port) {
    Ownership owner = Ownership.of(port);
    String fabric =
        fabric(owner.namespace())
            .or(() ->
                claims.beginningWith(ClaimName.ADDRESSES).stream()
                    .filter(claim -> Claims.isOf(claim, owner))
                    .map(ClaimName::fabricOf)
                    .findFirst())
            .orElse("");
    AddressPool nothing = new AddressPool(new Prefix(0, 32), 0, 0, List.of(), Set.of());
    return new Segment(fabric, "", port.getSpec().network(), "", nothing, 0, 0, false);
  }
}
