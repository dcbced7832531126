package dev.kumiko.storage.pool;

import dev.kumiko.storage.ceph.MissingGrant;
import dev.kumiko.storage.ceph.PoolFacts;
import java.util.List;
import java.util.Optional;

/** What Ceph says about a pool. */
sealed interface ObservedPool {

  /**
   * It answers, as far as the key may ask.
   *
   * @param foreignImages how many RBD images are not of any Image or Volume; empty when not counted
   */
  record Reached(PoolFacts facts, List<MissingGrant> missing, Optional<Integer> foreignImages)
      implements ObservedPool {
    public Reached {
      missing = List.copyOf(missing);
    }
  }

  /** It answers no: there is no such pool, or the key is wrong. */
  record Refused(String reason, String message) implements ObservedPool {}
}
