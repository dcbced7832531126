package dev.kumiko.app.simulator;

import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.storage.ceph.InMemoryCephPool;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The operators of which only the answers matter here: those of Volumes and of Ports. */
final class Neighbours {
  private static final List<Condition> READY =
      List.of(new Condition("Ready", "True", "Ready", "", "2026-01-01T00:00:00Z", 1L));
  private static final long BYTES = 1L << 30;
  private final InMemoryCluster cluster;
  private final Map<String, InMemoryCephPool> pools;
  private boolean isNetworkSilent;

  Neighbours(InMemoryCluster cluster, Map<String, InMemoryCephPool> pools) {
    this.cluster = cluster;
    this.pools = pools;
  }

  /** While it does not answer, ports have addresses and are programmed nowhere. */
  void networkAnswers(boolean yes) {
    isNetworkSilent = !yes;
    if (yes) {
      cluster.list(Port.class).forEach(this::answer);
    }
  }

  void hear(Change change) {
    change
        .after()
        .ifPresent(object -> {
          switch (object) {
            case Volume volume -> answer(volume);
            case Port port -> answer(port);
            default -> {}
          }
        });
  }

  private void answer(Volume volume) {
    if (left(volume) || volume.observed().isReady()) {
      return;
    }
    String image = RbdNames.volume(volume.getMetadata().getUid());
    if (!isCreated(volume.getSpec().pool(), image)) {
      return;
    }
    Volume ready = new Volume();
    ready.setMetadata(volume.getMetadata());
    ready.setSpec(volume.getSpec());
    ready.setStatus(
        new Volume.Status(
            1L, READY, List.of(), List.of(), "1Gi", BYTES, "vms/" + image, "id", null, null));
    cluster.updateStatus(ready);
  }

  private boolean isCreated(String pool, String image) {
    try {
      Objects.requireNonNull(pools.get(pool)).create(image, BYTES);
      return true;
    } catch (Unavailable _) {
      return false;
    }
  }

  /** A pool answers again. */
  void goOn() {
    cluster.list(Volume.class).forEach(this::answer);
  }

  private void answer(Port port) {
    List<String> wanted = port.getSpec().hosts();
    if (left(port)
        || (isNetworkSilent && port.observed().mac() != null)
        || (port.observed().isReady() && port.observed().programmedOn().equals(wanted))) {
      return;
    }
    Port ready = new Port();
    ready.setMetadata(port.getMetadata());
    ready.setSpec(port.getSpec());
    ready.setStatus(
        new Port.Status(
            port.getMetadata().getGeneration(),
            isNetworkSilent ? List.of() : READY,
            List.of(),
            List.of(),
            "10.1.1.10",
            24,
            "10.1.1.1",
            "02:00:00:00:00:0a",
            100,
            1500,
            null,
            isNetworkSilent ? List.of() : wanted,
            null));
    cluster.updateStatus(ready);
  }

  private boolean left(HasMetadata object) {
    if (object.getMetadata().getDeletionTimestamp() == null) {
      return false;
    }
    cluster.removeFinalizer(object);
    return true;
  }
}
