package dev.kumiko.network.controller;

import dev.kumiko.network.Worlds;
import dev.kumiko.network.fabric.InMemoryFabricTables;
import dev.kumiko.network.fabric.InMemoryFabrics;
import dev.kumiko.reconcile.ConvergenceHarness;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.v1alpha1.Fabric;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

final class ControllerConvergenceTest extends ConvergenceHarness<Fabric> {
  @Override
  protected Scenario<Fabric> scenario() {
    return new AController();
  }

  private static final class AController implements Scenario<Fabric> {
    private final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
    private final InMemoryFabrics fabrics =
        new InMemoryFabrics(new InMemoryFabricTables("h1", "h2"));

    @Override
    public InMemoryCluster cluster() {
      return cluster;
    }

    @Override
    public Kind<Fabric, ?, ?, ?> kind() {
      return new ControllerKind(cluster, fabrics);
    }

    @Override
    public Fabric resource() {
      return Worlds.fabric();
    }

    @Override
    public List<String> endpoints() {
      return List.of("ovn/main");
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
      return fabrics.world();
    }

    @Override
    public Object emptyWorld() {
      return Map.of();
    }
  }
}
