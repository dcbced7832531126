package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Rejection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * What the first bytes of a qcow2 file say; {@link #check} refuses what would make QEMU read other
 * files, ask for a password or promise more than there can be.
 *
 * <p>Source: QEMU's docs/interop/qcow2.txt.
 */
record Qcow2Header(
    int version,
    boolean hasBackingFile,
    int clusterBits,
    long virtualBytes,
    boolean encrypted,
    long l1Entries,
    long incompatibleFeatures,
    boolean namesDataFile) {

  private static final int MAGIC = 0x514649fb;
  private static final int BYTES = 1 << 16;
  private static final int V2_BYTES = 72;
  private static final int V3_BYTES = 104;
  private static final int END_OF_EXTENSIONS = 0;
  private static final int DATA_FILE_EXTENSION = 0x44415441;

  /** QEMU's own limit. */
  private static final long MAXIMUM_L1_BYTES = 32 << 20;

  private static final long DIRTY = 1;
  private static final long CORRUPT = 1 << 1;
  private static final long EXTERNAL_DATA_FILE = 1 << 2;
  private static final long COMPRESSION_TYPE = 1 << 3;
  private static final long EXTENDED_L2 = 1 << 4;
  private static final long KNOWN =
      DIRTY | CORRUPT | EXTERNAL_DATA_FILE | COMPRESSION_TYPE | EXTENDED_L2;

  static Qcow2Header read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.BIG_ENDIAN);
    try (FileChannel channel = FileChannel.open(file)) {
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
    }
    return parse(bytes.flip());
  }

  static Qcow2Header parse(ByteBuffer bytes) {
    if (bytes.remaining() < V2_BYTES || bytes.getInt(0) != MAGIC) {
      throw refused("it is not qcow2: set spec.format to what it is");
    }
    int version = bytes.getInt(4);
    if (version != 2 && version != 3) {
      throw refused("qcow2 version " + version + " is not supported");
    }
    if (version == 3 && bytes.remaining() < V3_BYTES) {
      throw refused("its header is cut off");
    }
    long features = version == 3 ? bytes.getLong(72) : 0;
    int extensions = version == 3 ? bytes.getInt(100) : V2_BYTES;
    return new Qcow2Header(
        version,
        bytes.getLong(8) != 0 || bytes.getInt(16) != 0,
        bytes.getInt(20),
        bytes.getLong(24),
        bytes.getInt(32) != 0,
        Integer.toUnsignedLong(bytes.getInt(36)),
        features,
        namesDataFile(bytes, extensions));
  }

  /** Refuses a hostile or unusable file, and says why. */
  void check(long maximumBytes) {
    if (hasBackingFile) {
      throw refused("it has a backing file: flatten it with qemu-img convert");
    }
    if (namesDataFile || has(EXTERNAL_DATA_FILE)) {
      throw refused("it has an external data file: merge it with qemu-img convert");
    }
    if (encrypted) {
      throw refused("it is encrypted: decrypt it with qemu-img convert");
    }
    if ((incompatibleFeatures & ~KNOWN) != 0) {
      throw refused(
          "it needs unknown features %#x: write it with a common qemu-img"
              .formatted(incompatibleFeatures & ~KNOWN));
    }
    if (has(CORRUPT)) {
      throw refused("it is marked as corrupt: repair it with qemu-img check -r all");
    }
    if (clusterBits < 9 || clusterBits > 21) {
      throw refused("its cluster size is not valid");
    }
    if (virtualBytes <= 0 || virtualBytes > maximumBytes) {
      throw new Rejection(
          "ImageTooLarge",
          "the image claims %s bytes; at most %d are allowed"
              .formatted(Long.toUnsignedString(virtualBytes), maximumBytes));
    }
    if (l1Entries * Long.BYTES > MAXIMUM_L1_BYTES) {
      throw refused("its tables are too large");
    }
  }

  private boolean has(long feature) {
    return (incompatibleFeatures & feature) != 0;
  }

  /** An extension list that does not end inside the first bytes counts as hostile. */
  private static boolean namesDataFile(ByteBuffer bytes, int start) {
    boolean found = false;
    long at = Integer.toUnsignedLong(start);
    while (at + 8 <= bytes.remaining()) {
      int type = bytes.getInt((int) at);
      if (type == END_OF_EXTENSIONS) {
        return found;
      }
      found |= type == DATA_FILE_EXTENSION;
      long length = Integer.toUnsignedLong(bytes.getInt((int) at + 4));
      at += 8 + (length + 7) / 8 * 8;
    }
    throw refused("its header extensions have no end");
  }

  private static Rejection refused(String why) {
    return new Rejection("ImageRefused", "the file at source.url cannot be imported: " + why);
  }
}
