package dev.kumiko.storage.ceph;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Endpoint;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.v1alpha1.StoragePool;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One connection per StoragePool, made anew when its spec or key changes. */
public final class ConnectedPools implements Pools, AutoCloseable {
  private static final int THREADS = 8;
  private static final Duration DEADLINE = Duration.ofSeconds(12);
  private static final String KEY = "key";

  private record Connection(CephCredentials credentials, CephPool pool) {}

  private final Cluster cluster;
  private final String namespace;
  private final Map<String, Connection> connections = new HashMap<>();

  /**
   * Connects when a pool is first asked for.
   *
   * @param namespace where the Secrets that StoragePools name are
   */
  public ConnectedPools(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  @Override
  public synchronized CephPool of(StoragePool resource) {
    String name = resource.getMetadata().getName();
    CephCredentials credentials = credentials(resource);
    Connection known = connections.get(name);
    if (known != null && known.credentials().equals(credentials)) {
      return known.pool();
    }
    // The one that is replaced is not closed: other threads may still be inside it.
    CephPool pool =
        new RadosCephPool(credentials, new Endpoint(Pools.endpoint(name), THREADS, DEADLINE));
    connections.put(name, new Connection(credentials, pool));
    return pool;
  }

  private CephCredentials credentials(StoragePool resource) {
    StoragePool.Spec spec = resource.getSpec();
    String key =
        cluster
            .get(Secret.class, namespace, spec.secret())
            .flatMap(secret -> Optional.ofNullable(secret.getData()))
            .flatMap(data -> Optional.ofNullable(data.get(KEY)))
            .orElseThrow(() ->
                new Unavailable(
                    Pools.endpoint(resource),
                    "Secret %s/%s has no %s: put the cephx key of client.%s there"
                        .formatted(namespace, spec.secret(), KEY, spec.user())));
    return new CephCredentials(
        spec.monitors(), spec.pool(), Optional.empty(), spec.user(), decoded(key));
  }

  private static String decoded(String data) {
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8).strip();
  }

  @Override
  public synchronized void close() {
    connections.values().forEach(connection -> connection.pool().close());
    connections.clear();
  }
}
