package dev.kumiko.storage.ceph;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the pool says about one image.
 *
 * @param id Ceph's own id, which survives a rename and is never used again; empty for a remnant
 * @param exclusiveLock whether Ceph lets only one client write at a time
 * @param parent the snapshot it is a copy-on-write clone of
 * @param watchers the clients that have it open for writing, this process apart
 * @param lockOwner the client that holds the exclusive lock; it may be dead
 */
public record ImageFacts(
    String name,
    String id,
    long sizeBytes,
    boolean exclusiveLock,
    Optional<ImageSnapshot> parent,
    List<String> snapshots,
    Map<String, String> meta,
    List<CephClient> watchers,
    Optional<CephClient> lockOwner) {

  public ImageFacts {
    snapshots = List.copyOf(snapshots);
    meta = Map.copyOf(meta);
    watchers = List.copyOf(watchers);
  }

  /**
   * A name that is taken by what an interrupted creation or removal left, and that opens no more.
   */
  static ImageFacts remnant(String name) {
    return new ImageFacts(
        name, "", 0, false, Optional.empty(), List.of(), Map.of(), List.of(), Optional.empty());
  }

  /** Whether there is nothing of it but a name: all that can be done is to remove it. */
  public boolean isRemnant() {
    return id.isEmpty();
  }
}
