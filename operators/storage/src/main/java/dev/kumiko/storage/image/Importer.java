package dev.kumiko.storage.image;

import dev.kumiko.storage.ceph.CephPool;
import dev.kumiko.storage.work.Progress;
import java.io.IOException;

/** Fills RBD images from sources. */
interface Importer {
  /** Key of the metadata that says that all content is there; its value is the checksum. */
  String IMPORTED = "kumiko.imported";

  /**
   * Makes the target with all content, and then its owner's marker and the mark {@link #IMPORTED}.
   * MUST refuse hostile or wrong content with {@link dev.kumiko.reconcile.Rejection}. MAY leave a
   * target without the mark.
   */
  void run(ImportOrder order, CephPool pool, Progress progress)
      throws IOException, InterruptedException;
}
