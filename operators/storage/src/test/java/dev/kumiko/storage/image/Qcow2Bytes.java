package dev.kumiko.storage.image;

import java.nio.ByteBuffer;

/** The first bytes of a qcow2 file, to be spoiled field by field. */
final class Qcow2Bytes {
  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16);

  /** Version 3, 64 MiB, clusters of 64 KiB, no extensions. */
  Qcow2Bytes() {
    bytes.putInt(0, 0x514649fb).putInt(4, 3).putInt(20, 16).putLong(24, 64 << 20).putInt(36, 1);
    bytes.putLong(40, 3 << 16).putInt(96, 4).putInt(100, 104);
  }

  Qcow2Bytes with(int offset, int value) {
    bytes.putInt(offset, value);
    return this;
  }

  Qcow2Bytes withLong(int offset, long value) {
    bytes.putLong(offset, value);
    return this;
  }

  ByteBuffer buffer() {
    return bytes.duplicate();
  }

  byte[] array() {
    return bytes.array();
  }
}
