package dev.kumiko.network;

import dev.kumiko.network.fabric.Fabrics;
import dev.kumiko.network.network.NetworkKind;
import dev.kumiko.network.vrf.VrfKind;
import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.v1alpha1.Claim;
import dev.kumiko.v1alpha1.Fabric;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.Reporting;
import dev.kumiko.v1alpha1.Vrf;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Clusters with a fabric, a tenant and more, as tests need them. */
public final class Worlds {
  private Worlds() {}

  /** A cluster with the fabric {@code main}, the Hosts h1 and h2, and the tenant {@code acme}. */
  public static InMemoryCluster tenant() {
    InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
    cluster.create(fabric());
    cluster.create(host("h1", null));
    cluster.create(host("h2", null));
    cluster.create(vrf());
    return cluster;
  }

  public static Fabric fabric() {
    Fabric fabric = new Fabric();
    fabric.setMetadata(named("main"));
    fabric.setSpec(
        new Fabric.Spec(
            new Fabric.Ovn("ssl:10.0.0.1:6641", "ssl:10.0.0.1:6642", "ovn", "physnet1"),
            List.of(new Fabric.VlanRange(101, 104), new Fabric.VlanRange(201, 202))));
    return fabric;
  }

  public static Host host(String name, @Nullable String chassis) {
    Host host = new Host();
    host.setMetadata(named(name));
    host.setSpec(
        new Host.Spec(
            new Host.Connection("test:///default", null),
            Host.Mode.Active,
            null,
            null,
            null,
            List.of(),
            chassis,
            List.of()));
    return host;
  }

  public static Vrf vrf() {
    Vrf vrf = new Vrf();
    vrf.setMetadata(named("acme"));
    vrf.setSpec(new Vrf.Spec("main", "acme"));
    return vrf;
  }

  public static Network network(String name, String cidr, @Nullable Integer vlan) {
    Network network = new Network();
    network.setMetadata(inNamespace("acme", name));
    network.setSpec(
        new Network.Spec(
            List.of(
                new Network.Subnet(
                    cidr, null, List.of(), List.of(), List.of("10.1.1.2"), List.of())),
            vlan,
            1500,
            Network.Dhcp.Enabled));
    return network;
  }

  public static Port port(
      String name, @Nullable String address, @Nullable String mac, String... hosts) {
    Port port = new Port();
    port.setMetadata(inNamespace("acme", name));
    port.setSpec(new Port.Spec("web", address, mac, List.of(hosts), null));
    return port;
  }

  /** Creates the network and runs passes over the VRF and it until it is Ready. */
  public static Network makeNetwork(InMemoryCluster cluster, Fabrics fabrics, Network network) {
    cluster.create(network);
    pass(cluster, new VrfKind(cluster, fabrics), vrf());
    pass(cluster, new NetworkKind(cluster, fabrics), network);
    return now(cluster, network);
  }

  /** One pass of the operator over the object as it stands now. */
  public static <R extends CustomResource<?, ?> & Reporting, D, O, A extends Action> R pass(
      InMemoryCluster cluster, Kind<R, D, O, A> kind, R object) {
    cluster.addFinalizer(object);
    Loop<R, D, O, A> loop =
        new Loop<>(kind, cluster, InstantSource.system(), (resource, action, work) -> work.run());
    Loop.Outcome<R> outcome = loop.reconcile(now(cluster, object));
    if (outcome.released()) {
      cluster.removeFinalizer(outcome.resource());
    }
    return outcome.resource();
  }

  public static ObjectMeta named(String name) {
    return new ObjectMetaBuilder().withName(name).build();
  }

  public static ObjectMeta inNamespace(String namespace, String name) {
    return new ObjectMetaBuilder().withNamespace(namespace).withName(name).build();
  }

  /** Names of all claims. */
  public static Set<String> claims(InMemoryCluster cluster) {
    return cluster.list(Claim.class).stream()
        .map(claim -> claim.getMetadata().getName())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The object as it stands now. */
  public static <T extends HasMetadata> T now(InMemoryCluster cluster, T object) {
    String namespace = object.getMetadata().getNamespace();
    @SuppressWarnings("unchecked") // the class of a T
    Class<T> type = (Class<T>) object.getClass();
    return cluster
        .get(type, namespace == null ? "" : namespace, object.getMetadata().getName())
        .orElseThrow();
  }
}
