package dev.kumiko.storage.attachment;

import dev.kumiko.storage.ceph.BlockedAddress;
import dev.kumiko.storage.ceph.CephClient;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who has the volume open.
 *
 * @param watchers the clients that have it open, blocked ones included
 * @param lockOwner the client that writes, or wrote until it died
 * @param self number of this process as a client
 * @param unrefused hosts that were given up and that the pool does not refuse: that no guest is
 *     seen there proves nothing, it may thaw
 */
record ObservedAttachment(
    List<CephClient> watchers,
    Optional<CephClient> lockOwner,
    List<BlockedAddress> blocklist,
    long self,
    Set<String> unrefused) {
  ObservedAttachment {
    watchers = List.copyOf(watchers);
    blocklist = List.copyOf(blocklist);
    unrefused = Set.copyOf(unrefused);
  }

  static ObservedAttachment nobody() {
    return new ObservedAttachment(List.of(), Optional.empty(), List.of(), 0, Set.of());
  }

  ObservedAttachment unrefusing(Set<String> hosts) {
    return new ObservedAttachment(watchers, lockOwner, blocklist, self, hosts);
  }

  /** The clients that can write: those that are not blocked. */
  List<CephClient> live() {
    return watchers.stream().filter(client -> !isBlocked(client)).toList();
  }

  /**
   * The owner of a lock that it can no longer use or give back: it neither watches nor is blocked,
   * so that the next guest would wait for it in vain.
   */
  Optional<CephClient> deadLockOwner() {
    return lockOwner.filter(owner -> !watchers.contains(owner) && !isBlocked(owner));
  }

  /** Whether it is this process, which works on the image and lets go by itself. */
  boolean isSelf(CephClient client) {
    return client.id() == self;
  }

  private boolean isBlocked(CephClient client) {
    return blocklist.stream().anyMatch(entry -> entry.covers(client));
  }
}
