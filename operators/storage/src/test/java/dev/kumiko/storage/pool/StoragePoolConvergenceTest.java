package dev.kumiko.storage.pool;

import dev.kumiko.reconcile.ConvergenceHarness;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.storage.Examples;
import dev.kumiko.storage.PoolScenario;
import dev.kumiko.v1alpha1.StoragePool;
import java.util.Map;

/** A pool with an image that is not ours, which is never touched. */
final class StoragePoolConvergenceTest extends ConvergenceHarness<StoragePool> {
  @Override
  protected Scenario<StoragePool> scenario() {
    return new World();
  }

  private static final class World extends PoolScenario<StoragePool> {
    private final Object before;

    World() {
      cluster().delete(Examples.pool());
      cluster().apply(Examples.secret("ceph-key", Map.of("key", "AQB=")));
      ceph.create("legacy", 1L << 30);
      before = world();
    }

    @Override
    public Kind<StoragePool, ?, ?, ?> kind() {
      return new StoragePoolKind(cluster(), _ -> ceph, Examples.NAMESPACE);
    }

    @Override
    public StoragePool resource() {
      return Examples.pool();
    }

    @Override
    public boolean acts() {
      return false;
    }

    @Override
    public Object emptyWorld() {
      return before;
    }
  }
}
