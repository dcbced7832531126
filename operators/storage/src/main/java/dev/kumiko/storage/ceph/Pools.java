package dev.kumiko.storage.ceph;

import dev.kumiko.v1alpha1.StoragePool;

/** Finds the connection to a StoragePool. */
@FunctionalInterface
public interface Pools {
  /** MAY throw {@link dev.kumiko.reconcile.Unavailable} when the Secret with the key lacks it. */
  CephPool of(StoragePool pool);

  /** Name of the endpoint, for actions and cause chains. */
  static String endpoint(StoragePool pool) {
    return endpoint(pool.getMetadata().getName());
  }

  static String endpoint(String storagePool) {
    return "ceph/" + storagePool;
  }
}
