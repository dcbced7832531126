package dev.kumiko.app.simulator;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Migration;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The API for an operator to which something is not told, or told wrongly. */
final class DeceivedCluster extends WriteThrough {
  private final Sabotage sabotage;
  private final Set<String> drained = new HashSet<>();

  DeceivedCluster(Cluster api, Sabotage sabotage) {
    super(api);
    this.sabotage = sabotage;
  }

  private <T extends HasMetadata> T told(Class<T> type, T object) {
    return switch (object) {
      case Attachment asked when sabotage == Sabotage.GRANT_ASSUMED ->
          type.cast(Resources.granted(asked));
      case Host host when sabotage == Sabotage.DRAIN_GOES_ON -> type.cast(told(host));
      default -> object;
    };
  }

  private Host told(Host host) {
    String name = host.getMetadata().getName();
    if (host.getSpec().mode() == Host.Mode.Maintenance) {
      drained.add(name);
    }
    if (!drained.contains(name)) {
      return host;
    }
    Host told = Resources.with(host, Host.Mode.Maintenance);
    told.setStatus(host.getStatus());
    return told;
  }

  @Override
  public <T extends HasMetadata> Optional<T> get(Class<T> type, String namespace, String name) {
    return api.get(type, namespace, name).map(o -> told(type, o));
  }

  @Override
  public <T extends HasMetadata> List<T> list(Class<T> type) {
    return type.equals(Migration.class) && sabotage == Sabotage.LIMITS_FORGOTTEN
        ? List.of()
        : api.list(type);
  }

  @Override
  public <T extends HasMetadata> Optional<T> fresh(Class<T> type, String namespace, String name) {
    return api.fresh(type, namespace, name).map(o -> told(type, o));
  }
}
