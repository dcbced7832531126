package dev.kumiko.storage.attachment;

import dev.kumiko.reconcile.Desired;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.storage.ceph.Pools;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a grant needs done first. A grant itself is no action: it is the status, and follows from
 * what is seen.
 */
final class AttachmentPlan {
  private AttachmentPlan() {}

  static List<AttachmentAction> plan(
      Desired<DesiredAttachment> desired, ObservedAttachment observed) {
    return switch (desired) {
      case Desired.Present<DesiredAttachment>(DesiredAttachment asked) -> grant(asked, observed);
      case Desired.Absent<DesiredAttachment> _, Desired.Blocked<DesiredAttachment> _ -> List.of();
    };
  }

  /**
   * Before a start nobody may have the image open. While a guest may be at work, a lock without a
   * watcher can be a hiccup of its network.
   */
  private static List<AttachmentAction> grant(
      DesiredAttachment asked, ObservedAttachment observed) {
    if (asked.running()) {
      return List.of();
    }
    return asked.disk().stream()
        .flatMap(disk -> remnants(asked, observed).map(client -> block(disk, client)))
        .toList();
  }

  /** Compute asks for a start only when no guest runs there: what is there was left behind. */
  private static Stream<CephClient> remnants(DesiredAttachment asked, ObservedAttachment observed) {
    return Stream.concat(
            observed.deadLockOwner().stream(), observed.live().stream().filter(asked::isAllowed))
        .filter(client -> !observed.isSelf(client))
        .distinct();
  }

  private static AttachmentAction block(DesiredAttachment.Disk disk, CephClient client) {
    return new AttachmentAction.BlockRemnant(Pools.endpoint(disk.pool()), client, disk.rbdName());
  }

  /** The clients that are where nobody may be; they are not ours to shut out. */
  static List<CephClient> strangers(DesiredAttachment asked, ObservedAttachment observed) {
    return observed.live().stream()
        .filter(client -> !asked.isAllowed(client) || observed.isSelf(client))
        .toList();
  }
}
