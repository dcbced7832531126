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
import java.util.function.Consumer;

/**
 * One connection per StoragePool, made anew when its spec or key changes. Ceph's libraries answer
 * every call in time, also while Ceph does not; but two calls of theirs may wait for each other for
 * ever, and then no other call is answered either. Only the end of the process ends that.
 */
public final class ConnectedPools implements Pools, AutoCloseable {
  private static final int THREADS = 8;
  private static final Duration DEADLINE = Duration.ofSeconds(12);

  /** Several times what librados allows for one request to Ceph. */
  private static final Duration STUCK = Duration.ofMinutes(3);

  private static final String KEY = "key";

  private record Connection(CephCredentials credentials, CephPool pool, Endpoint endpoint) {}

  private final Cluster cluster;
  private final String namespace;
  private final Consumer<String> stuck;
  private final Map<String, Connection> connections = new HashMap<>();

  /**
   * Connects when a pool is first asked for.
   *
   * @param namespace where the Secrets that StoragePools name are
   * @param stuck told of a pool whose calls do not end; SHOULD end the process
   */
  public ConnectedPools(Cluster cluster, String namespace, Consumer<String> stuck) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.stuck = stuck;
  }

  @Override
  public synchronized CephPool of(StoragePool resource) {
    String name = resource.getMetadata().getName();
    CephCredentials credentials = credentials(resource);
    Connection known = connections.get(name);
    if (known != null && known.credentials().equals(credentials)) {
      if (known.endpoint().longestCall().compareTo(STUCK) > 0) {
        stuck.accept(known.endpoint().name());
      }
      return known.pool();
    }
    // The one that is replaced is not closed: other threads may still be inside it.
    Endpoint endpoint = new Endpoint(Pools.endpoint(name), THREADS, DEADLINE);
    CephPool pool = new RadosCephPool(credentials, endpoint);
    connections.put(name, new Connection(credentials, pool, endpoint));
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
