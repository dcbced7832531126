package dev.kumiko.compute.libvirt;

import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the sizes of disks apart from all else: QEMU answers that only when its disks do, and
 * libvirtd takes few requests of one client at a time. So at most one hangs with a pool.
 */
final class DiskReader {
  private static final Logger log = LoggerFactory.getLogger(DiskReader.class);
  private final String host;
  private final HostSession session;
  private final Hypervisor.Listener listener;
  private final AtomicInteger asked = new AtomicInteger();

  DiskReader(String host, HostSession session, Hypervisor.Listener listener) {
    this.host = host;
    this.session = session;
    this.listener = listener;
  }

  /** Returns at once; what is asked while one reading hangs is one more reading after it. */
  void read() {
    if (asked.getAndIncrement() == 0) {
      Thread.ofPlatform().daemon().name("libvirt-disks-" + host).start(this::run);
    }
  }

  private void run() {
    int served;
    do {
      served = asked.get();
      once();
    } while (!asked.compareAndSet(served, 0));
  }

  private void once() {
    try {
      session.connection().use(session.mirror()::readDisks).forEach(listener::guestChanged);
    } catch (RuntimeException e) {
      log.debug("libvirt/{}: sizes of disks are not known: {}", host, e.toString());
    }
  }
}
