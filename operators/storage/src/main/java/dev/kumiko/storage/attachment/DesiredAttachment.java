package dev.kumiko.storage.attachment;

import dev.kumiko.v1alpha1.StoragePool;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The ask for one grant, references resolved.
 *
 * @param disk where the volume's content is; empty if the Volume is gone
 * @param hostOfAddress the hosts that may write, by the addresses they have towards Ceph
 * @param running whether a grant was given before: then a guest may be at work
 */
record DesiredAttachment(
    Optional<Disk> disk, SortedMap<String, String> hostOfAddress, boolean running) {
  DesiredAttachment {
    hostOfAddress = Collections.unmodifiableSortedMap(new TreeMap<>(hostOfAddress));
  }

  /** The RBD image of a volume. */
  record Disk(StoragePool pool, String rbdName) {}

  static DesiredAttachment nobody(Optional<Disk> disk) {
    return new DesiredAttachment(disk, new TreeMap<>(), true);
  }
}
