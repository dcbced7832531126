package dev.kumiko.storage.attachment;

import dev.kumiko.reconcile.Action;
import dev.kumiko.storage.ceph.CephClient;

/** Everything that can be done for a grant. */
sealed interface AttachmentAction extends Action {

  /** Lets the next guest break the lock of a dead one at once. */
  record BlockDeadClient(String target, CephClient client, String image)
      implements AttachmentAction {
    @Override
    public String describe() {
      return "block %s, which died with the lock of RBD image %s"
          .formatted(client.address(), image);
    }
  }
}
