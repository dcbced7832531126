package dev.kumiko.compute.libvirt;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections to one host within a deadline; libvirt itself knows none. */
final class Connector {
  private static final Logger log = LoggerFactory.getLogger(Connector.class);
  private final HostAddress address;
  private final Duration deadline;
  private final Semaphore attempts;
  private final Consumer<HostConnection> late;

  /**
   * @param attemptsThatMayHang at a time: a frozen libvirtd keeps each hanging until it thaws
   * @param late gets what opens after its deadline, or when its caller has gone
   */
  Connector(
      HostAddress address,
      Duration deadline,
      int attemptsThatMayHang,
      Consumer<HostConnection> late) {
    this.address = address;
    this.deadline = deadline;
    this.attempts = new Semaphore(attemptsThatMayHang);
    this.late = late;
  }

  /**
   * @throws ConnectionLost when libvirtd does not let it in, or not in time
   */
  HostConnection open() {
    if (!attempts.tryAcquire()) {
      throw new ConnectionLost(Link.Sign.SILENT, "earlier attempts to connect still hang");
    }
    FutureTask<HostConnection> attempt = new FutureTask<>(this::attempt);
    daemon("libvirt-open-", attempt);
    try {
      return attempt.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      awaitLate(attempt);
      throw new ConnectionLost(
          Link.Sign.SILENT,
          "libvirtd let no connection through within " + deadline.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw new ConnectionLost(Link.Sign.FAILED, String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      awaitLate(attempt);
      Thread.currentThread().interrupt();
      throw new ConnectionLost(Link.Sign.FAILED, "interrupted");
    }
  }

  private HostConnection attempt() {
    try {
      return HostConnection.open(address);
    } finally {
      attempts.release();
    }
  }

  /** An attempt that was given up may still succeed later. */
  private void awaitLate(FutureTask<HostConnection> attempt) {
    daemon(
        "libvirt-late-",
        () -> {
          try {
            late.accept(attempt.get());
          } catch (ExecutionException e) {
            log.debug("a late attempt to connect failed as well: {}", e.toString());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void daemon(String name, Runnable work) {
    Thread.ofPlatform().daemon().name(name + address.host()).start(work);
  }
}
