package dev.kumiko.storage.fence;

import dev.kumiko.reconcile.Action;
import dev.kumiko.storage.ceph.Pools;

/** Everything that is done about a host in Ceph. */
sealed interface FenceAction extends Action {
  /** StoragePool through which it is done. */
  String pool();

  @Override
  default String target() {
    return Pools.endpoint(pool());
  }

  @Override
  default boolean repairs() {
    return false;
  }

  /** Has the pool's cluster refuse every client at the address. */
  record Refuse(String pool, String address) implements FenceAction {
    @Override
    public String describe() {
      return "refuse every client at " + address;
    }
  }

  /** Has it let them in again. */
  record Admit(String pool, String address) implements FenceAction {
    @Override
    public String describe() {
      return "let clients at " + address + " in again";
    }
  }
}
