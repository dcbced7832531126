package dev.kumiko.network.vrf;

import dev.kumiko.network.Worlds;
import dev.kumiko.network.fabric.InMemoryFabricTables;
import dev.kumiko.network.fabric.InMemoryFabrics;
import dev.kumiko.reconcile.ConvergenceHarness;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.v1alpha1.Vrf;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

final class VrfConvergenceTest extends ConvergenceHarness<Vrf> {
  @Override
  protected Scenario<Vrf> scenario() {
    return new AVrf();
  }

  private static final class AVrf implements Scenario<Vrf> {
    private final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
    private final InMemoryFabricTables tables = new InMemoryFabricTables("h1", "h2");
    private final InMemoryFabrics fabrics = new InMemoryFabrics(tables);

    AVrf() {
      cluster.create(Worlds.fabric());
    }

    @Override
    public InMemoryCluster cluster() {
      return cluster;
    }

    @Override
    public Kind<Vrf, ?, ?, ?> kind() {
      return new VrfKind(cluster, fabrics);
    }

    @Override
    public Vrf resource() {
      return Worlds.vrf();
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
      return tables.world();
    }

    @Override
    public Object emptyWorld() {
      return Map.of();
    }
  }
}
