package dev.kumiko.compute.libvirt;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to one machine, one for each call at a time: made when none is free, used again, and
 * closed with the session. libvirt's client without the fix of CVE-2024-4418 may use the stack of
 * another thread, or wait for ever, when a host falls silent under several calls over one
 * connection; keepalive ends a call that is alone.
 */
final class Lanes {
  private static final Logger log = LoggerFactory.getLogger(Lanes.class);

  /** One that was given up may hang beside. */
  private static final int ATTEMPTS_THAT_MAY_HANG = LibvirtHosts.CALLS_AT_A_TIME + 1;

  private final Connector connector;
  private final String machine;
  private final Deque<HostConnection> free = new ArrayDeque<>();
  private boolean retired;

  /**
   * @param machine that must be at the other end of each
   */
  Lanes(HostAddress address, String machine) {
    // A call that opens one has time left to be ended by keepalive.
    this.connector =
        new Connector(address, HostConnection.SILENCE, ATTEMPTS_THAT_MAY_HANG, this::openedLate);
    this.machine = machine;
  }

  /**
   * Does something on a connection that nobody else uses meanwhile.
   *
   * @throws ConnectionLost when there is none
   */
  <T> T use(Function<HostConnection, T> work) {
    HostConnection lane = take().orElseGet(this::open);
    try {
      return lane.use(work);
    } finally {
      giveBack(lane);
    }
  }

  /** Closes what is free, and the others when they come back. */
  synchronized void retire() {
    retired = true;
    free.forEach(HostConnection::retire);
    free.clear();
  }

  /** Keepalive may have ended one that nobody used. */
  private Optional<HostConnection> take() {
    Optional<HostConnection> lane = poll();
    while (lane.filter(l -> !l.isAlive()).isPresent()) {
      lane.get().retire();
      lane = poll();
    }
    return lane;
  }

  private synchronized Optional<HostConnection> poll() {
    if (retired) {
      throw new ConnectionLost(Link.Sign.FAILED, "the session is over");
    }
    return Optional.ofNullable(free.poll());
  }

  private synchronized void giveBack(HostConnection lane) {
    if (retired) {
      lane.retire();
    } else {
      free.push(lane);
    }
  }

  private HostConnection open() {
    HostConnection opened = known(connector.open());
    if (isTooLate()) {
      giveBack(opened);
      throw new ConnectionLost(Link.Sign.FAILED, "it came too late");
    }
    return opened;
  }

  /** Whoever asked may have gone meanwhile, or the session ended. */
  private synchronized boolean isTooLate() {
    return retired || Thread.currentThread().isInterrupted();
  }

  /** The next call has it. */
  void openedLate(HostConnection opened) {
    try {
      giveBack(known(opened));
    } catch (ConnectionLost e) {
      log.debug("a late connection is of no use: {}", e.toString());
    }
  }

  /** Closes it when it is not known to be the machine that is at its other end. */
  private HostConnection known(HostConnection opened) {
    boolean isKnown = false;
    try {
      isKnown = opened.use(FactFinder::machine).equals(machine);
    } catch (RuntimeException e) {
      throw new ConnectionLost(Link.Sign.FAILED, e.toString());
    } finally {
      if (!isKnown) {
        opened.retire();
      }
    }
    if (!isKnown) {
      throw new ConnectionLost(Link.Sign.FAILED, "another machine answers than " + machine);
    }
    return opened;
  }
}
