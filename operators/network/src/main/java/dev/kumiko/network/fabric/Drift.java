package dev.kumiko.network.fabric;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.v1alpha1.Reporting;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;
import java.util.Objects;

/**
 * Tells users when rows of a resource that was Ready had to be put right: somebody else changed
 * them.
 */
public final class Drift {
  private Drift() {}

  /** Records an event, unless the resource's own spec is what changed. */
  public static <R extends CustomResource<?, ?> & Reporting> void tell(
      Cluster cluster, R resource, List<RowChange> changes) {
    boolean isOurDoing =
        !resource.observed().isReady()
            || !Objects.equals(
                resource.observed().observedGeneration(), resource.getMetadata().getGeneration());
    if (!isOurDoing) {
      cluster.event(
          resource,
          Cluster.Severity.Warning,
          "DriftRepaired",
          "changed on the fabric by somebody else and put right: " + RowChange.describe(changes));
    }
  }
}
