package dev.kumiko.compute.libvirt;

import org.libvirt.Connect;
import org.libvirt.Library;
import org.libvirt.LibvirtException;
import org.libvirt.jna.Libvirt.VirErrorCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libvirt's event loop, which delivers keepalives and events of all connections. It is one for the
 * process by libvirt's design, and must run before the first connection is opened; so this is the
 * one place with static state.
 */
final class EventLoop {
  private static final Logger log = LoggerFactory.getLogger(EventLoop.class);

  /** Held here, because native code refers to it; libvirt's default prints to standard error. */
  private static final VirErrorCallback QUIET = (data, error) -> {};

  private static final Thread THREAD = start();

  private EventLoop() {}

  /** Returns when the loop runs. */
  static void ensureRunning() {
    if (!THREAD.isAlive()) {
      throw new IllegalStateException("libvirt's event loop has ended");
    }
  }

  private static Thread start() {
    try {
      Library.initEventLoop();
      Connect.setErrorCallback(QUIET);
    } catch (LibvirtException e) {
      throw new IllegalStateException("cannot start libvirt's event loop", e);
    }
    Thread thread = new Thread(EventLoop::run, "libvirt-events");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Library.processEvent();
      } catch (LibvirtException | RuntimeException e) {
        log.warn("libvirt's event loop: {}", e.toString());
      }
    }
  }
}
