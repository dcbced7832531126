package dev.kumiko.storage.attachment;

import dev.kumiko.reconcile.Desired;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.storage.ceph.Pools;
import java.util.List;

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

  /** While a guest may be at work, a lock without a watcher can be a hiccup of its network. */
  private static List<AttachmentAction> grant(
      DesiredAttachment asked, ObservedAttachment observed) {
    if (asked.running()) {
      return List.of();
    }
    return asked.disk().stream()
        .flatMap(disk -> observed.deadLockOwner().stream().map(owner -> block(disk, owner)))
        .toList();
  }

  private static AttachmentAction block(DesiredAttachment.Disk disk, CephClient owner) {
    return new AttachmentAction.BlockDeadClient(Pools.endpoint(disk.pool()), owner, disk.rbdName());
  }

  /** The clients that are where nobody may be. */
  static List<CephClient> strangers(DesiredAttachment asked, ObservedAttachment observed) {
    return observed.live().stream()
        .filter(client -> !asked.hostOfAddress().containsKey(client.host()))
        .toList();
  }
}
