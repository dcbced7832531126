package dev.kumiko.storage.pool;

import dev.kumiko.storage.ceph.MissingGrant;
import dev.kumiko.storage.ceph.PoolFacts;
import java.util.List;

/** What Ceph says about a pool. */
sealed interface ObservedPool {

  /**
   * It answers, as far as the key may ask.
   *
   * @param foreignImages how many RBD images are not of any Image or Volume
   */
  record Reached(PoolFacts facts, List<MissingGrant> missing, int foreignImages)
      implements ObservedPool {
    public Reached {
      missing = List.copyOf(missing);
    }
  }

  /** It answers no: there is no such pool, or the key is wrong. */
  record Refused(String reason, String message) implements ObservedPool {}
}
