package dev.kumiko.app.simulator;

import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was written to the API since it was looked at last, as a watch tells it. */
final class Changes {
  private final InMemoryCluster cluster;
  private Map<String, HasMetadata> known = Map.of();
  private long writes = -1;

  Changes(InMemoryCluster cluster) {
    this.cluster = cluster;
  }

  List<Change> take() {
    if (cluster.writes() == writes) {
      return List.of();
    }
    writes = cluster.writes();
    Map<String, HasMetadata> now = new LinkedHashMap<>();
    cluster.list(HasMetadata.class).forEach(o -> now.put(o.getKind() + " " + ObjectKey.of(o), o));
    List<Change> changes = new ArrayList<>();
    now.forEach((id, after) -> {
      HasMetadata before = known.get(id);
      if (!version(after).equals(Optional.ofNullable(before).map(Changes::version).orElse(""))) {
        changes.add(new Change(Optional.ofNullable(before), Optional.of(after)));
      }
    });
    known.forEach((id, before) -> {
      if (!now.containsKey(id)) {
        changes.add(new Change(Optional.of(before), Optional.empty()));
      }
    });
    known = now;
    return changes;
  }

  private static String version(HasMetadata object) {
    return object.getMetadata().getResourceVersion();
  }
}
