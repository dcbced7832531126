package dev.kumiko.storage.fence;

import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.StoragePool;
import java.util.List;

/**
 * What is asked about a host.
 *
 * @param addresses that it has towards Ceph
 * @param disks of its guests, of which as many as are asked
 * @param pools that are to refuse it, or to let it in again; none while it is only suspected
 */
record DesiredFence(
    Fence.Stage stage, List<String> addresses, List<Disk> disks, List<StoragePool> pools) {
  DesiredFence {
    addresses = List.copyOf(addresses);
    disks = List.copyOf(disks);
    pools = List.copyOf(pools);
  }

  /** The RBD image of a volume that a guest of the host has open. */
  record Disk(StoragePool pool, String rbdName) {}
}
