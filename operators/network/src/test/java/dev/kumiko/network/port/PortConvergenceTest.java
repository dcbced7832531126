package dev.kumiko.network.port;

import dev.kumiko.network.Worlds;
import dev.kumiko.network.fabric.Binding;
import dev.kumiko.network.fabric.InMemoryFabricTables;
import dev.kumiko.network.fabric.InMemoryFabrics;
import dev.kumiko.reconcile.ConvergenceHarness;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.v1alpha1.Port;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

final class PortConvergenceTest extends ConvergenceHarness<Port> {
  @Override
  protected Scenario<Port> scenario() {
    return new APort();
  }

  private static final class APort implements Scenario<Port> {
    private final PortWorld world = new PortWorld();
    private final Map<?, ?> before = world.tables.world();
    private final Set<String> claimsBefore = Worlds.claims(world.cluster);

    @Override
    public InMemoryCluster cluster() {
      return world.cluster;
    }

    @Override
    public Kind<Port, ?, ?, ?> kind() {
      return new PortKind(world.cluster, world.fabrics);
    }

    @Override
    public Port resource() {
      Port port = Worlds.port("vm-0", null, null);
      port.setSpec(
          new Port.Spec("web", null, "0a:00:00:00:00:07", List.of("h1"), new Port.Probe(22)));
      return port;
    }

    /** The guest is started, paused, as soon as the port's rows are there. */
    @Override
    public void neighbours() {
      world
          .cluster
          .get(Port.class, "acme", "vm-0")
          .map(Ownership::of)
          .ifPresent(
              owner -> world.tables.plug(owner, new Binding(new TreeSet<>(Set.of("h1")), true)));
    }

    @Override
    public List<String> endpoints() {
      return List.of("fabric/twin");
    }

    @Override
    public void fail(String endpoint) {
      world.fabrics.down(true);
    }

    @Override
    public void heal(String endpoint) {
      world.fabrics.down(false);
    }

    @Override
    public Object world() {
      return List.of(world.tables.world(), Worlds.claims(world.cluster));
    }

    @Override
    public Object emptyWorld() {
      return List.of(before, claimsBefore);
    }
  }

  /** A tenant with the network {@code web}. */
  static final class PortWorld {
    final InMemoryCluster cluster = Worlds.tenant();
    final InMemoryFabricTables tables = new InMemoryFabricTables("h1", "h2");
    final InMemoryFabrics fabrics = new InMemoryFabrics(tables);

    PortWorld() {
      Worlds.makeNetwork(cluster, fabrics, Worlds.network("web", "10.1.1.0/28", null));
    }
  }
}
