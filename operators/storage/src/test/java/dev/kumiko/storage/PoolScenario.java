package dev.kumiko.storage;

import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.storage.ceph.ImageFacts;
import dev.kumiko.storage.ceph.InMemoryCephPool;
import dev.kumiko.v1alpha1.Reporting;
import io.fabric8.kubernetes.client.CustomResource;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A world with one StoragePool, for the kinds that live in it. */
public abstract class PoolScenario<R extends CustomResource<?, ?> & Reporting>
    implements Scenario<R> {
  private final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
  protected final InMemoryCephPool ceph = new InMemoryCephPool();

  protected PoolScenario() {
    Examples.addReadyPool(cluster);
  }

  @Override
  public InMemoryCluster cluster() {
    return cluster;
  }

  @Override
  public List<String> endpoints() {
    return List.of("ceph/" + Examples.POOL);
  }

  @Override
  public void fail(String endpoint) {
    ceph.silent();
  }

  @Override
  public void heal(String endpoint) {
    ceph.answering();
  }

  /** All images without their ids, which count up. */
  @Override
  public Object world() {
    Map<String, List<Object>> images = new TreeMap<>();
    for (String name : ceph.images("")) {
      ImageFacts facts = ceph.image(name).orElseThrow();
      images.put(
          name,
          List.of(
              facts.sizeBytes(),
              facts.exclusiveLock(),
              facts.parent(),
              facts.snapshots(),
              facts.meta()));
    }
    return images;
  }
}
