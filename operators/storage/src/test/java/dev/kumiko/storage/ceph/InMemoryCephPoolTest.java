package dev.kumiko.storage.ceph;

import java.time.Duration;

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
  void blockForAnHour(String address) {
    pool.blockFor(Duration.ofHours(1), address);
  }

  @Override
  String prefix() {
    return "contract-";
  }

  @Override
  Guest guest(String name) {
    CephClient client = new CephClient("192.0.2.8:0/88", 88);
    pool.open(name, client);
    return new Guest() {
      @Override
      public void freeze() {
        pool.freeze(client);
      }

      @Override
      public void thaw() {
        pool.thaw(client);
      }

      @Override
      public void close() {
        pool.leave(name, client);
      }
    };
  }
}
