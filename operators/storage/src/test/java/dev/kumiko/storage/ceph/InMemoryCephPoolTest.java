package dev.kumiko.storage.ceph;

/** The twin keeps the contract. */
final class InMemoryCephPoolTest extends CephPoolContract {
  private final InMemoryCephPool pool = new InMemoryCephPool();
  private final CephPool other = pool.client(new CephClient("192.0.2.9:0/99", 99));

  @Override
  CephPool pool() {
    return pool;
  }

  @Override
  CephPool other() {
    return other;
  }

  @Override
  void interrupt(String name) {
    pool.interrupt(name);
  }

  @Override
  String prefix() {
    return "contract-";
  }
}
