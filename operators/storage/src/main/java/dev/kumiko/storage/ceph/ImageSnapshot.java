package dev.kumiko.storage.ceph;

/** One snapshot of one image of the pool. */
public record ImageSnapshot(String image, String snapshot) {
  @Override
  public String toString() {
    return image + "@" + snapshot;
  }
}
