package dev.kumiko.compute.libvirt;

import dev.kumiko.compute.domainxml.Marker;
import dev.kumiko.reconcile.Unavailable;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The moves of guests away from one host that this process began. libvirt's call lasts as long as
 * the move, so each has a thread and a connection of its own. A move goes on when its caller is
 * gone (seen with libvirt 9.0): the hosts do it among themselves.
 */
final class Departures {
  private static final Logger log = LoggerFactory.getLogger(Departures.class);
  private final HostAddress address;
  private final Consumer<UUID> onEnd;
  private final Map<UUID, Attempt> attempts = new ConcurrentHashMap<>();

  /**
   * @param onEnd hears that an attempt ended, well or not
   */
  Departures(HostAddress address, Consumer<UUID> onEnd) {
    this.address = address;
    this.onEnd = onEnd;
  }

  void begin(UUID guest, MigrationOrder order) {
    attempts.compute(
        guest,
        (_, before) -> {
          if (before != null && before.isUnderWay()) {
            return before;
          }
          Attempt attempt = new Attempt();
          Thread.ofPlatform()
              .daemon()
              .name("libvirt-migrate-" + address.host())
              .start(() -> run(guest, order, attempt));
          return attempt;
        });
  }

  private void run(UUID guest, MigrationOrder order, Attempt attempt) {
    try {
      HostConnection connection = HostConnection.open(address);
      try {
        connection.use(open -> depart(open, guest, order, attempt));
      } finally {
        connection.retire();
      }
      attempts.remove(guest, attempt);
    } catch (RuntimeException | Error e) {
      log.info("libvirt/{}: {} stays: {}", address.host(), guest, e.toString());
      attempt.failed(Optional.ofNullable(e.getMessage()).orElseGet(e::toString));
    }
    onEnd.accept(guest);
  }

  private boolean depart(
      HostConnection connection, UUID guest, MigrationOrder order, Attempt attempt) {
    return connection
        .with(
            guest,
            domain -> {
              if (domain.activeMarker().map(Marker::epoch).filter(e -> e == order.epoch()).isEmpty()
                  || !attempt.enter()) {
                throw unavailable("the domain is not of epoch " + order.epoch() + ", or given up");
              }
              new MigrationJob(domain).run(order);
              return true;
            })
        .orElseThrow(() -> unavailable("the domain is gone"));
  }

  /** What goes on, asked of the host, and what this process began. */
  Transfer of(HostConnection connection, UUID guest) {
    Optional<Attempt> attempt = Optional.ofNullable(attempts.get(guest));
    boolean postCopy = attempt.map(Attempt::isPostCopy).orElse(false);
    boolean givenUp = attempt.map(Attempt::isGivenUp).orElse(false);
    boolean underWay = attempt.map(Attempt::isUnderWay).orElse(false);
    return seen(connection, guest, postCopy, givenUp)
        .orElseGet(() ->
            underWay
                ? new Transfer.Ongoing(Transfer.Progress.BEGINNING, givenUp, true)
                : new Transfer.None(attempt.flatMap(Attempt::failure)));
  }

  /** Empty also for a domain that left while it was asked. */
  private static Optional<Transfer> seen(
      HostConnection connection, UUID guest, boolean postCopy, boolean givenUp) {
    try {
      return connection
          .with(guest, domain -> ongoing(domain, postCopy, givenUp))
          .flatMap(transfer -> transfer);
    } catch (LibvirtFailure e) {
      if (e.is(LibvirtFailure.NO_DOMAIN) || e.is(LibvirtFailure.OPERATION_INVALID)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Optional<Transfer> ongoing(
      DomainHandle domain, boolean postCopy, boolean givenUp) {
    MigrationJob job = new MigrationJob(domain);
    boolean stands = domain.state() == GuestState.HELD;
    return job.outgoing(postCopy || stands)
        .map(progress -> new Transfer.Ongoing(progress, givenUp, !stands && job.isBrief()));
  }

  boolean switchToPostCopy(HostConnection connection, UUID guest) {
    Optional<Attempt> attempt = Optional.ofNullable(attempts.get(guest));
    if (attempt.map(Attempt::isPostCopy).orElse(false)) {
      return true;
    }
    connection.with(
        guest,
        domain -> {
          new MigrationJob(domain).startPostCopy();
          return true;
        });
    attempt.ifPresent(Attempt::switched);
    return true;
  }

  boolean abort(HostConnection connection, UUID guest) {
    Optional<Attempt> attempt = Optional.ofNullable(attempts.get(guest));
    if (attempt.map(Attempt::stop).orElse(false)) {
      return true;
    }
    boolean aborted =
        connection.with(guest, domain -> new MigrationJob(domain).abort()).orElse(false);
    if (aborted) {
      attempt.ifPresent(Attempt::givenUp);
    } else if (attempt.map(Attempt::isUnderWay).orElse(false)) {
      throw unavailable("the move has not begun yet, so it cannot be given up");
    }
    return true;
  }

  private Unavailable unavailable(String message) {
    return new Unavailable("libvirt/" + address.host(), message);
  }

  /** One call of libvirt, from the wish for it to its end. */
  private static final class Attempt {
    private boolean entered;
    private boolean givenUp;
    private boolean postCopy;
    private Optional<String> failure = Optional.empty();

    /** The last moment at which it can be stopped without libvirt. */
    synchronized boolean enter() {
      entered = !givenUp;
      return entered;
    }

    /** Whether that moment was still to come; then the call is not made. */
    synchronized boolean stop() {
      if (entered || failure.isPresent()) {
        return false;
      }
      givenUp = true;
      return true;
    }

    synchronized void givenUp() {
      givenUp = true;
    }

    synchronized void switched() {
      postCopy = true;
    }

    synchronized void failed(String why) {
      failure = Optional.of(why);
    }

    synchronized boolean isUnderWay() {
      return failure.isEmpty();
    }

    synchronized boolean isGivenUp() {
      return givenUp;
    }

    synchronized boolean isPostCopy() {
      return postCopy;
    }

    synchronized Optional<String> failure() {
      return failure;
    }
  }
}
