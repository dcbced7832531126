package dev.kumiko.network.fabric;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Wake;
import io.fabric8.kubernetes.api.model.HasMetadata;

/** Asks for a pass over the resources of one kind when the fabric tells something about them. */
public final class WakingListener<R extends HasMetadata> implements FabricListener {
  private final Class<R> type;
  private final Cluster cluster;
  private final Wake wake;

  public WakingListener(Class<R> type, Cluster cluster, Wake wake) {
    this.type = type;
    this.cluster = cluster;
    this.wake = wake;
  }

  @Override
  public void rowsChanged(Ownership owner) {
    if (owner.kind().equals(HasMetadata.getKind(type))) {
      wake.wake(owner.key());
    }
  }

  @Override
  public void chassisChanged() {
    cluster.list(type).forEach(resource -> wake.wake(ObjectKey.of(resource)));
  }
}
