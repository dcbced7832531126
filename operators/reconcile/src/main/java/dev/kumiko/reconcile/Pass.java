package dev.kumiko.reconcile;

import dev.kumiko.v1alpha1.Reported;
import io.fabric8.kubernetes.client.CustomResource;

/** One pass over one resource: holds its newest version while the actions are applied. */
public final class Pass<R extends CustomResource<?, ?>> {
  private final Cluster cluster;
  private R resource;

  Pass(Cluster cluster, R resource) {
    this.cluster = cluster;
    this.resource = resource;
  }

  public R resource() {
    return resource;
  }

  /**
   * Writes the status before the world is changed, for what the world cannot remember.
   *
   * @throws Conflict when somebody wrote the resource meanwhile
   */
  public void writeStatusFirst(Reported<?> status) {
    resource = cluster.updateStatus(Statuses.replaced(resource, status));
  }
}
