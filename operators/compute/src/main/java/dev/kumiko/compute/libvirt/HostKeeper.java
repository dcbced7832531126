package dev.kumiko.compute.libvirt;

import dev.kumiko.reconcile.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one host connected, on one thread of its own: connects, reads everything, follows events,
 * and begins again when the connection is lost.
 */
final class HostKeeper {
  private static final Logger log = LoggerFactory.getLogger(HostKeeper.class);

  /** Keepalive tells a dead host; libvirtd itself may be busy with ending a QEMU that hangs. */
  private static final Duration READ_DEADLINE = Duration.ofSeconds(30);

  private static final Duration OPEN_DEADLINE = Duration.ofSeconds(10);
  private static final int ATTEMPTS_THAT_MAY_HANG = 3;
  private static final Duration CHECK_EVERY = Duration.ofSeconds(5);
  private static final Duration LISTEN_EVERY = Duration.ofSeconds(1);
  private static final Duration CATCH_UP_EVERY = Duration.ofSeconds(60);

  private static final Duration END_IS_TOLD = Duration.ofMillis(200);
  private static final String CONNECTION_LOST = "connection lost";

  /** What the thread is woken for. */
  private sealed interface Signal {
    record Changed(UUID guest) implements Signal {}

    record Lost(Link.Sign sign) implements Signal {}
  }

  private final HostAddress address;
  private final InstantSource clock;
  private final Hypervisor.Listener listener;
  private final HostConnection.Callbacks callbacks;
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final Hasty reads;
  private Connector connector;
  private final Backoff backoff = new Backoff(ThreadLocalRandom.current());
  private volatile Admission admission;
  private volatile Optional<HostSession> session = Optional.empty();
  private volatile Link.Lost lost;
  private volatile boolean closed;

  HostKeeper(HostAddress address, InstantSource clock, Hypervisor.Listener listener) {
    this.address = address;
    this.clock = clock;
    this.listener = listener;
    this.connector = connector();
    this.reads = new Hasty("libvirt-read-" + address.host());
    this.callbacks =
        new HostConnection.Callbacks(
            guest -> signals.add(new Signal.Changed(guest)),
            sign -> signals.add(new Signal.Lost(sign)));
    this.admission = new Admission(address.host(), Optional.empty());
    this.lost = new Link.Lost(clock.instant(), Link.Sign.UNTRIED, "not connected yet");
  }

  void start() {
    Thread thread = new Thread(this::run, "libvirt-" + address.host());
    thread.setDaemon(true);
    thread.start();
  }

  void close() {
    closed = true;
    signals.add(new Signal.Lost(Link.Sign.FAILED));
    reads.close();
  }

  /** Reads a domain anew, soon; libvirt tells of no domain that it undefines after a move. */
  void look(UUID guest) {
    signals.add(new Signal.Changed(guest));
  }

  Optional<String> machine() {
    return session.map(s -> s.facts().machine());
  }

  Optional<String> admitted() {
    return admission.machine();
  }

  void admit(String machine) {
    admission = new Admission(address.host(), Optional.of(machine));
    listener.hostChanged();
  }

  Link link() {
    return session.map(this::link).orElse(lost);
  }

  private Link link(HostSession open) {
    return objection(open)
        .<Link>map(why -> new Link.Lost(open.since(), Link.Sign.FAILED, why))
        .orElseGet(() -> new Link.Connected(open.since()));
  }

  /** The session with the admitted machine. */
  HostSession session() {
    HostSession open = session.orElseThrow(() -> unavailable(lost.message()));
    objection(open)
        .ifPresent(why -> {
          throw unavailable(why);
        });
    return open;
  }

  private Optional<String> objection(HostSession open) {
    return admission.objection(open.facts().machine());
  }

  private Unavailable unavailable(String message) {
    return new Unavailable("libvirt/" + address.host(), message);
  }

  private void run() {
    while (!closed) {
      try {
        visit();
      } catch (RuntimeException | Error e) {
        log.error("libvirt/{}: the keeper failed and goes on", address.host(), e);
      }
      pause();
    }
  }

  /** One connection from its beginning to its end. */
  private void visit() {
    Optional<HostConnection> opened = Optional.empty();
    try {
      opened = Optional.of(open());
      attend(opened.get());
      lost(Link.Sign.UNTRIED, "closed");
    } catch (ConnectionLost e) {
      lost(e.sign(), String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      lost(howItWasLost(), Optional.ofNullable(e.getMessage()).orElseGet(e::toString));
    } finally {
      opened.ifPresent(HostConnection::retire);
    }
  }

  /** A call that fails with the connection may be heard of before its end is. */
  private Link.Sign howItWasLost() {
    try {
      for (Signal next = signals.poll(END_IS_TOLD.toMillis(), TimeUnit.MILLISECONDS);
          next != null;
          next = signals.poll()) {
        if (next instanceof Signal.Lost(Link.Sign sign)) {
          return sign;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Link.Sign.FAILED;
  }

  private void attend(HostConnection opened) {
    signals.clear();
    HostSession begun = read(opened, this::begin);
    session = Optional.of(begun);
    backoff.reset();
    log.info("libvirt/{}: connected to machine {}", address.host(), begun.facts().machine());
    listener.hostChanged();
    follow(begun, new DiskReader(address.host(), begun, listener));
  }

  private HostSession begin(HostConnection opened) {
    opened.subscribe(callbacks);
    HostFacts facts = FactFinder.of(opened);
    Mirror mirror = new Mirror(new Arrivals(clock));
    mirror.readAll(opened);
    Lanes lanes = new Lanes(address, facts.machine());
    return new HostSession(opened, lanes, facts, mirror, clock.instant());
  }

  private void follow(HostSession open, DiskReader disks) {
    HostConnection opened = open.connection();
    Instant caughtUp = clock.instant();
    disks.readAll();
    while (!closed) {
      Optional<Signal> signal = await(open.mirror());
      switch (signal.orElse(null)) {
        case Signal.Changed changed -> {
          signals.removeIf(changed::equals);
          read(
              opened,
              _ -> {
                open.read(changed.guest());
                return true;
              });
          listener.guestChanged(changed.guest());
          if (open.mirror().lacksSizes(changed.guest())) {
            disks.read(changed.guest());
          }
        }
        case Signal.Lost gone -> {
          // The end of the connection before may be heard of only now.
          if (!read(opened, HostConnection::answers)) {
            throw new ConnectionLost(gone.sign(), CONNECTION_LOST);
          }
        }
        case null -> {
          if (!read(opened, HostConnection::answers)) {
            throw new ConnectionLost(howItWasLost(), CONNECTION_LOST);
          }
        }
      }
      hear(open);
      if (Duration.between(caughtUp, clock.instant()).compareTo(CATCH_UP_EVERY) > 0) {
        caughtUp = clock.instant();
        catchUp(open);
        disks.readAll();
      }
    }
  }

  /** There is no event for a guest's first packet. */
  private void hear(HostSession open) {
    Set<UUID> waiting = open.mirror().unheard();
    if (!waiting.isEmpty()) {
      read(open.connection(), c -> open.mirror().readHeard(c, waiting))
          .forEach(listener::guestChanged);
    }
  }

  /** For what no event tells, or none told. */
  private void catchUp(HostSession open) {
    Mirror mirror = open.mirror();
    Inventory before = mirror.inventory();
    read(
        open.connection(),
        c -> {
          mirror.catchUp(c);
          return true;
        });
    if (!before.equals(mirror.inventory())) {
      listener.hostChanged();
    }
  }

  /** A libvirtd whose threads are all stuck still answers keepalive, and nothing else. */
  private <T> T read(HostConnection opened, Function<HostConnection, T> what) {
    try {
      return reads.call(READ_DEADLINE, () -> opened.use(what));
    } catch (TimeoutException e) {
      throw new ConnectionLost(
          Link.Sign.SILENT,
          "libvirtd keeps the connection and answers nothing for "
              + READ_DEADLINE.toSeconds()
              + " s");
    }
  }

  private HostConnection open() {
    address
        .socket()
        .flatMap(Probe::knock)
        .ifPresent(sign -> {
          // What hangs was begun with a host that is not there any more.
          connector = connector();
          throw new ConnectionLost(sign, address.uri() + " answers nothing: " + sign);
        });
    return connector.open();
  }

  private Connector connector() {
    return new Connector(address, OPEN_DEADLINE, ATTEMPTS_THAT_MAY_HANG, HostConnection::retire);
  }

  private void lost(Link.Sign sign, String message) {
    boolean news = session.isPresent() || lost.sign() != sign || !lost.message().equals(message);
    if (news) {
      lost = new Link.Lost(heardLast(sign), sign, message);
    }
    Optional<HostSession> over = session;
    session = Optional.empty();
    over.ifPresent(s -> s.lanes().retire());
    if (news && !closed) {
      log.warn("libvirt/{}: {}", address.host(), message);
      listener.hostChanged();
    }
  }

  /** Who refuses is heard; from one silence to another nobody was. */
  private Instant heardLast(Link.Sign sign) {
    boolean isSilent = sign == Link.Sign.SILENT;
    if (session.isPresent()) {
      return isSilent ? clock.instant().minus(HostConnection.SILENCE) : clock.instant();
    }
    return isSilent && lost.sign() != Link.Sign.REFUSED ? lost.since() : clock.instant();
  }

  private Optional<Signal> await(Mirror mirror) {
    Duration patience = mirror.unheard().isEmpty() ? CHECK_EVERY : LISTEN_EVERY;
    try {
      return Optional.ofNullable(signals.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
      return Optional.empty();
    }
  }

  private void pause() {
    if (closed) {
      return;
    }
    try {
      Thread.sleep(backoff.next());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }
}
