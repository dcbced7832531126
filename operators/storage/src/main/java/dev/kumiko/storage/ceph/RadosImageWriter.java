package dev.kumiko.storage.ceph;

import com.ceph.rbd.RbdImage;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Writes through librbd's asynchronous calls, a bounded number of chunks at a time. */
final class RadosImageWriter implements ImageWriter {
  private static final int IN_FLIGHT = 16;

  /** One chunk on its way; its memory must not be touched before the write is complete. */
  private record Pending(Pointer completion, Memory content, long offsetBytes) {}

  private final CephSession session;
  private final LibCeph lib;
  private final RbdImage image;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final Deque<Memory> free = new ArrayDeque<>();
  private final List<Memory> buffers = new ArrayList<>();

  RadosImageWriter(CephSession session, RbdImage image) {
    this.session = session.enter();
    this.lib = session.lib();
    this.image = image;
  }

  @Override
  public void write(long offsetBytes, byte[] content, int from, int length) {
    if (length > CHUNK_BYTES) {
      throw new IllegalArgumentException("at most " + CHUNK_BYTES + " bytes at once");
    }
    Memory buffer = buffer();
    buffer.write(0, content, from, length);
    PointerByReference completion = new PointerByReference();
    check("start a write", lib.rbd_aio_create_completion(Pointer.NULL, Pointer.NULL, completion));
    int returnCode =
        lib.rbd_aio_write(image.getPointer(), offsetBytes, length, buffer, completion.getValue());
    if (returnCode < 0) {
      lib.rbd_aio_release(completion.getValue());
      free.add(buffer);
      throw session.failures().of("write to " + image.getName(), returnCode);
    }
    pending.add(new Pending(completion.getValue(), buffer, offsetBytes));
  }

  @Override
  public void finish() {
    while (!pending.isEmpty()) {
      complete(pending.remove());
    }
    check("flush", lib.rbd_flush(image.getPointer()));
  }

  @Override
  public void close() {
    try {
      for (Pending write : pending) {
        lib.rbd_aio_wait_for_complete(write.completion());
        lib.rbd_aio_release(write.completion());
      }
      pending.clear();
      buffers.forEach(Memory::close);
    } finally {
      try (CephSession left = session) {
        left.close(image);
      }
    }
  }

  private Memory buffer() {
    if (free.isEmpty() && buffers.size() == IN_FLIGHT) {
      complete(pending.remove());
    }
    if (!free.isEmpty()) {
      return free.remove();
    }
    Memory buffer = new Memory(CHUNK_BYTES);
    buffers.add(buffer);
    return buffer;
  }

  private void complete(Pending write) {
    lib.rbd_aio_wait_for_complete(write.completion());
    long result = lib.rbd_aio_get_return_value(write.completion());
    lib.rbd_aio_release(write.completion());
    free.add(write.content());
    check("write at byte " + write.offsetBytes(), result);
  }

  private void check(String operation, long result) {
    session.failures().check(operation + " of " + image.getName(), result);
  }
}
