package dev.kumiko.storage.ceph;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.HashSet;
import java.util.Set;

/**
 * Asks the clients that have an image open whether they live. Every librbd acknowledges a
 * notification on the image's header at once, by itself; an empty one only has it read the header
 * again (librbd/ImageWatcher). A client that is frozen, dead or cut off does not.
 */
final class RollCall {
  private static final int ENOENT = 2;

  /** Somebody did not answer; without a reply it is the OSD that did not. */
  private static final int ETIMEDOUT = 110;

  /** The OSD counts in whole seconds. */
  private static final long PATIENCE_MILLIS = 1000;

  /** struct notify_ack_t of rados/librados.h: notifier, cookie, payload, its length. */
  private static final int ACK_BYTES = 32;

  private final CephSession session;
  private final LibCeph lib;

  RollCall(CephSession session) {
    this.session = session;
    this.lib = session.lib();
  }

  /** Numbers of the clients that answered. */
  Set<Long> answering(ImageFacts image) {
    PointerByReference reply = new PointerByReference();
    LongByReference length = new LongByReference();
    int returnCode =
        lib.rados_notify2(
            session.pool(),
            "rbd_header." + image.id(),
            new byte[0],
            0,
            PATIENCE_MILLIS,
            reply,
            length);
    try {
      boolean isReply = reply.getValue() != null;
      if (returnCode == -ENOENT) {
        return Set.of();
      }
      if (returnCode != -ETIMEDOUT || !isReply) {
        session.failures().check("ask who has " + image.name() + " open", returnCode);
      }
      return isReply ? decode(reply.getValue(), length.getValue()) : Set.of();
    } finally {
      if (reply.getValue() != null) {
        lib.rados_buffer_free(reply.getValue());
      }
    }
  }

  private Set<Long> decode(Pointer reply, long length) {
    PointerByReference acks = new PointerByReference();
    PointerByReference timeouts = new PointerByReference();
    LongByReference ackCount = new LongByReference();
    LongByReference timeoutCount = new LongByReference();
    session
        .failures()
        .check(
            "read who answered",
            lib.rados_decode_notify_response(
                reply, length, acks, ackCount, timeouts, timeoutCount));
    try {
      Set<Long> clients = new HashSet<>();
      for (int i = 0; i < ackCount.getValue(); i++) {
        clients.add(acks.getValue().getLong((long) i * ACK_BYTES));
      }
      return Set.copyOf(clients);
    } finally {
      lib.rados_free_notify_response(acks.getValue(), ackCount.getValue(), timeouts.getValue());
    }
  }
}
