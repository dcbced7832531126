package dev.kumiko.compute.instancetype;

import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.v1alpha1.InstanceType;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.InstantSource;
import java.util.List;

/** One size, and nothing outside. */
final class InstanceTypeWorld implements Scenario<InstanceType> {
  final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());

  @Override
  public InMemoryCluster cluster() {
    return cluster;
  }

  @Override
  public Kind<InstanceType, ?, ?, ?> kind() {
    return new InstanceTypeKind(cluster);
  }

  @Override
  public InstanceType resource() {
    InstanceType type = new InstanceType();
    type.setMetadata(new ObjectMetaBuilder().withName("small").build());
    type.setSpec(new InstanceType.Spec(1, "128Mi", null));
    return type;
  }

  @Override
  public boolean acts() {
    return false;
  }

  @Override
  public List<String> endpoints() {
    return List.of();
  }

  @Override
  public void fail(String endpoint) {}

  @Override
  public void heal(String endpoint) {}

  @Override
  public Object world() {
    return List.of();
  }

  @Override
  public Object emptyWorld() {
    return List.of();
  }
}
