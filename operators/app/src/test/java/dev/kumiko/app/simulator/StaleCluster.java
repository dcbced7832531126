package dev.kumiko.app.simulator;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;

/** The API for an operator whose cache stands still. */
final class StaleCluster extends WriteThrough {
  private final List<HasMetadata> cache;
  private final boolean isTrusted;

  /**
   * @param isTrusted whether even that is read from the cache which must not be
   */
  StaleCluster(Cluster api, boolean isTrusted) {
    super(api);
    this.cache = api.list(HasMetadata.class);
    this.isTrusted = isTrusted;
  }

  @Override
  public <T extends HasMetadata> Optional<T> get(Class<T> type, String namespace, String name) {
    ObjectKey key = new ObjectKey(namespace, name);
    return list(type).stream().filter(o -> ObjectKey.of(o).equals(key)).findFirst();
  }

  @Override
  public <T extends HasMetadata> List<T> list(Class<T> type) {
    return cache.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Override
  public <T extends HasMetadata> Optional<T> fresh(Class<T> type, String namespace, String name) {
    return isTrusted ? get(type, namespace, name) : api.fresh(type, namespace, name);
  }
}
