package dev.kumiko.compute.libvirt;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the sizes of disks apart from all else, one after the other: QEMU answers that only when
 * its disks do, and so at most one call hangs with a pool.
 */
final class DiskReader {
  private static final Logger log = LoggerFactory.getLogger(DiskReader.class);
  private final String host;
  private final HostSession session;
  private final Hypervisor.Listener listener;

  /** Guests to read; empty: all of them. */
  private final BlockingQueue<Optional<UUID>> asked = new LinkedBlockingQueue<>();

  private final AtomicBoolean isAtWork = new AtomicBoolean();

  DiskReader(String host, HostSession session, Hypervisor.Listener listener) {
    this.host = host;
    this.session = session;
    this.listener = listener;
  }

  /** Returns at once. */
  void readAll() {
    ask(Optional.empty());
  }

  /** Returns at once. */
  void read(UUID guest) {
    ask(Optional.of(guest));
  }

  private void ask(Optional<UUID> guest) {
    if (!asked.contains(guest)) {
      asked.add(guest);
    }
    work();
  }

  private void work() {
    if (!asked.isEmpty() && isAtWork.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("libvirt-disks-" + host).start(this::run);
    }
  }

  private void run() {
    try {
      for (var next = asked.poll(); next != null; next = asked.poll()) {
        readOne(next);
      }
    } finally {
      isAtWork.set(false);
      work();
    }
  }

  private void readOne(Optional<UUID> guest) {
    Mirror mirror = session.mirror();
    try {
      session
          .lanes()
          .use(c ->
              guest.map(uuid -> mirror.readDisks(c, uuid)).orElseGet(() -> mirror.readDisks(c)))
          .forEach(listener::guestChanged);
    } catch (RuntimeException e) {
      log.debug("libvirt/{}: sizes of disks are not known: {}", host, e.toString());
    }
  }
}
