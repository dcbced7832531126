package dev.kumiko.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.InstantSource;

final class InMemoryClusterTest extends ClusterContract {
  private final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());

  @Override
  protected Cluster cluster() {
    return cluster;
  }

  @Override
  protected String namespace() {
    return "acme";
  }

  @Override
  protected void release(HasMetadata object) {
    // The world ends with the test.
  }
}
