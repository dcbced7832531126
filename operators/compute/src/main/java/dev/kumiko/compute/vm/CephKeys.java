package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.CephSecret;
import dev.kumiko.compute.vm.ObservedVirtualMachine.PoolKey;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.v1alpha1.StoragePool;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The keys that QEMU opens disks with: the guest user's, never the operator's. */
final class CephKeys {
  private static final String FIELD = "key";
  private final Cluster cluster;
  private final String namespace;

  /**
   * @param namespace the operators' own, where the Secrets are
   */
  CephKeys(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** Empty while its Secret is missing. */
  Optional<PoolKey> of(StoragePool pool) {
    String name = pool.getMetadata().getName();
    return secret(pool).map(s -> new PoolKey(name, s.usage(), s.fingerprint()));
  }

  /**
   * Empty while the pool or its Secret is missing.
   *
   * @throws Rejection when the Secret holds something else than a key
   */
  Optional<CephSecret> secret(String pool) {
    return cluster.get(StoragePool.class, "", pool).flatMap(this::secret);
  }

  private Optional<CephSecret> secret(StoragePool pool) {
    return cluster
        .get(Secret.class, namespace, pool.getSpec().guestSecret())
        .flatMap(s -> Optional.ofNullable(s.getData()))
        .flatMap(data -> Optional.ofNullable(data.get(FIELD)))
        .map(encoded -> secret(pool, encoded));
  }

  private CephSecret secret(StoragePool pool, String encoded) {
    try {
      return new CephSecret(
          PoolKey.usage(pool.getMetadata().getName()),
          new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new Rejection(
          "InvalidCephKey",
          "Secret "
              + namespace
              + "/"
              + pool.getSpec().guestSecret()
              + ": "
              + FIELD
              + " is no Ceph key: use what 'ceph auth print-key' prints");
    }
  }
}
