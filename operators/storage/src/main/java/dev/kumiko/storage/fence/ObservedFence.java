package dev.kumiko.storage.fence;

import dev.kumiko.storage.ceph.BlockedAddress;
import dev.kumiko.v1alpha1.Fence;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Ceph says about a host.
 *
 * @param guests empty: they were not asked, or could not be
 * @param pools by name of the StoragePool
 */
record ObservedFence(Optional<Fence.Guests> guests, Map<String, PoolView> pools) {
  ObservedFence {
    pools = Map.copyOf(pools);
  }

  /** What a pool says. */
  sealed interface PoolView {
    /** Nothing. */
    record Unknown(String message) implements PoolView {}

    /** Whom it refuses. */
    record Seen(List<BlockedAddress> blocklist) implements PoolView {
      public Seen {
        blocklist = List.copyOf(blocklist);
      }

      /** Those of the addresses that it does not refuse as a whole. */
      List<String> open(List<String> addresses) {
        return addresses.stream()
            .filter(ip -> blocklist.stream().noneMatch(entry -> entry.coversHost(ip)))
            .toList();
      }

      /**
       * Those by which it refuses one of the addresses as a whole. Single clients stay refused
       * until Ceph forgets them: they were guests of before, and a new one is another client, by a
       * nonce drawn at random (Ceph, src/msg/Messenger.cc).
       */
      List<String> entries(List<String> addresses) {
        return blocklist.stream()
            .filter(entry -> addresses.stream().anyMatch(entry::isHost))
            .map(BlockedAddress::address)
            .sorted()
            .toList();
      }
    }
  }
}
