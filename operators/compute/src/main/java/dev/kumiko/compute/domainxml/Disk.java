package dev.kumiko.compute.domainxml;

/**
 * A disk of a guest.
 *
 * @param target device name in the guest, {@code vda} and on
 * @param access whether the guest may write
 */
public record Disk(String target, RbdImage image, Access access) {
  /** What the guest may do with a disk. */
  public enum Access {
    READ_WRITE,
    READ_ONLY
  }

  /** The n-th virtio disk's name: vda, vdb, … */
  public static String target(int index) {
    if (index < 0 || index > 25) {
      throw new IllegalArgumentException("at most 26 disks, not " + (index + 1));
    }
    return "vd" + (char) ('a' + index);
  }
}
