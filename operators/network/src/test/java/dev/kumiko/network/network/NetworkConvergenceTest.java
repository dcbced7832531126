package dev.kumiko.network.network;

import dev.kumiko.network.Worlds;
import dev.kumiko.network.fabric.InMemoryFabricTables;
import dev.kumiko.network.fabric.InMemoryFabrics;
import dev.kumiko.network.fabric.VrfShape;
import dev.kumiko.reconcile.ConvergenceHarness;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.v1alpha1.Network;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

final class NetworkConvergenceTest extends ConvergenceHarness<Network> {
  @Override
  protected Scenario<Network> scenario() {
    return new ANetwork();
  }

  private static final class ANetwork implements Scenario<Network> {
    private final InMemoryCluster cluster = Worlds.tenant();
    private final InMemoryFabricTables tables = new InMemoryFabricTables("h1", "h2");
    private final InMemoryFabrics fabrics = new InMemoryFabrics(tables);
    private final Map<?, ?> before;

    ANetwork() {
      Ownership vrf = Ownership.of(Worlds.now(cluster, Worlds.vrf()));
      tables.commit(vrf, tables.rendering().vrf(new VrfShape(vrf, "acme")), Duration.ofSeconds(1));
      before = tables.world();
    }

    @Override
    public InMemoryCluster cluster() {
      return cluster;
    }

    @Override
    public Kind<Network, ?, ?, ?> kind() {
      return new NetworkKind(cluster, fabrics);
    }

    @Override
    public Network resource() {
      return Worlds.network("web", "10.1.1.0/24", null);
    }

    @Override
    public List<String> endpoints() {
      return List.of("fabric/twin");
    }

    @Override
    public void fail(String endpoint) {
      fabrics.down(true);
    }

    @Override
    public void heal(String endpoint) {
      fabrics.down(false);
    }

    @Override
    public Object world() {
      return List.of(tables.world(), Worlds.claims(cluster));
    }

    @Override
    public Object emptyWorld() {
      return List.of(before, Set.of());
    }
  }
}
