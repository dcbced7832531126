package dev.kumiko.storage.attachment;

import dev.kumiko.reconcile.Action;
import dev.kumiko.storage.ceph.CephClient;

/** Everything that can be done for a grant. */
sealed interface AttachmentAction extends Action {

  /**
   * Shuts out what is left of an earlier start: one that died with the lock, so that the next guest
   * need not wait for it, or one that its host forgot, which would be a second writer.
   */
  record BlockRemnant(String target, CephClient client, String image) implements AttachmentAction {
    @Override
    public String describe() {
      return "block client %d, which an earlier start left at RBD image %s"
          .formatted(client.id(), image);
    }
  }
}
