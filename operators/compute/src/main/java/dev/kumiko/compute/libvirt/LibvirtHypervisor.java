package dev.kumiko.compute.libvirt;

import dev.kumiko.compute.domainxml.DomainXml;
import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.domainxml.Marker;
import dev.kumiko.reconcile.Endpoint;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** A host reached through libvirt. */
public final class LibvirtHypervisor implements Hypervisor {
  private final HostAddress address;
  private final Endpoint endpoint;
  private final Endpoint qemu;
  private final Function<GuestDefinition, String> documents;
  private final HostKeeper keeper;
  private final HostCalls calls;
  private final Departures departures;
  private volatile Optional<Listener> listener = Optional.empty();

  /** Connects in the background, and stays connected until closed. */
  public LibvirtHypervisor(
      HostAddress address, Endpoint endpoint, Endpoint qemu, InstantSource clock) {
    this(address, endpoint, qemu, clock, DomainXml::render);
  }

  /**
   * @param qemu for what waits for a QEMU, which answers when its disks do
   * @param documents how a guest is written for the driver behind the address
   */
  LibvirtHypervisor(
      HostAddress address,
      Endpoint endpoint,
      Endpoint qemu,
      InstantSource clock,
      Function<GuestDefinition, String> documents) {
    this.address = address;
    this.endpoint = endpoint;
    this.qemu = qemu;
    this.documents = documents;
    Forward forward = new Forward();
    this.keeper = new HostKeeper(address, clock, forward);
    this.calls = new HostCalls(keeper, endpoint.name());
    this.departures = new Departures(address, keeper::look);
    keeper.start();
  }

  @Override
  public String host() {
    return address.host();
  }

  @Override
  public Link link() {
    return keeper.link();
  }

  @Override
  public Optional<String> machine() {
    return keeper.machine();
  }

  @Override
  public Optional<String> admitted() {
    return keeper.admitted();
  }

  @Override
  public void admit(String machine) {
    keeper.admit(machine);
  }

  @Override
  public HostFacts facts() {
    return keeper.session().facts();
  }

  @Override
  public Inventory inventory() {
    return keeper.session().mirror().inventory();
  }

  @Override
  public void define(GuestDefinition guest) {
    refuseForeign(guest.uuid());
    inventory()
        .clash(guest.name(), guest.uuid())
        .ifPresent(clash -> {
          throw new Rejection(
              "ForeignDomain",
              "host "
                  + address.host()
                  + " has a domain named "
                  + guest.name()
                  + " with UUID "
                  + clash.uuid()
                  + " that is not ours: rename or remove it there");
        });
    calls.ask(
        endpoint,
        "define " + guest.name(),
        session -> {
          session.connection().define(documents.apply(guest));
          session.read(guest.uuid());
          return true;
        });
  }

  /** The folder for console logs may have been taken away since it was made. */
  @Override
  public void startPaused(UUID guest) {
    try {
      start(guest);
    } catch (Unavailable e) {
      if (!String.valueOf(e.getMessage()).contains(ConsoleLogs.path(guest))) {
        throw e;
      }
      calls.ask(
          endpoint,
          "make the folder for console logs",
          session -> {
            ConsoleLogs.prepare(session.connection());
            return true;
          });
      start(guest);
    }
  }

  private void start(UUID guest) {
    change(
        qemu,
        "start paused",
        guest,
        domain -> {
          if (!domain.isActive()) {
            domain.startPaused();
          }
        },
        true);
  }

  @Override
  public void resume(UUID guest, long epoch) {
    change(
        qemu,
        "resume",
        guest,
        domain -> {
          refuseOtherEpoch(domain, epoch);
          if (domain.state().isResumable()) {
            domain.resume();
          }
        },
        true);
  }

  @Override
  public void requestShutdown(UUID guest) {
    change(
        qemu,
        "shut down",
        guest,
        domain -> {
          if (domain.isActive()) {
            domain.requestShutdown();
          }
        },
        false);
  }

  @Override
  public void destroy(UUID guest, long epoch) {
    change(
        endpoint,
        "destroy",
        guest,
        domain -> {
          if (domain.isActive()) {
            refuseOtherEpoch(domain, epoch);
            domain.destroy();
          }
        },
        false);
  }

  @Override
  public void undefine(UUID guest) {
    change(endpoint, "undefine", guest, DomainHandle::undefine, false);
    calls.ask(
        endpoint,
        "remove console log",
        session -> {
          if (session.connection().isQemu()) {
            ConsoleLogs.remove(session.connection(), guest);
          }
          return true;
        });
  }

  @Override
  public void reset(UUID guest) {
    change(qemu, "reset", guest, DomainHandle::reset, true);
  }

  @Override
  public void announce(UUID guest) {
    change(qemu, "announce", guest, DomainHandle::announce, false);
  }

  @Override
  public void resizeDisk(UUID guest, String target, long bytes) {
    change(qemu, "resize disk " + target, guest, domain -> domain.resizeDisk(target, bytes), true);
    calls.ask(
        qemu,
        "read disks of " + guest,
        session -> {
          session.mirror().readDisks(session.connection(), guest);
          return true;
        });
  }

  @Override
  public void provideSecret(CephSecret secret) {
    calls.ask(
        endpoint,
        "provide secret " + secret.usage() + " and the folder for console logs",
        session -> {
          ConsoleLogs.prepare(session.connection());
          HostSecrets.provide(session.connection(), secret);
          session.mirror().readSecrets(session.connection());
          return true;
        });
  }

  @Override
  public void withdraw() {
    calls.ask(
        endpoint,
        "take back keys and the folder for console logs",
        session -> {
          if (session.connection().isQemu()) {
            ConsoleLogs.withdraw(session.connection());
            HostSecrets.withdraw(session.connection());
            session.mirror().readSecrets(session.connection());
          }
          return true;
        });
  }

  @Override
  public void migrate(UUID guest, MigrationOrder order) {
    change(
        endpoint,
        "move to host " + order.to(),
        guest,
        domain -> {
          refuseOtherEpoch(domain, order.epoch());
          departures.begin(guest, order);
        },
        true);
  }

  @Override
  public Transfer transfer(UUID guest) {
    return calls.ask(
        qemu,
        "tell how the move goes of " + guest,
        session -> {
          Transfer transfer = departures.of(session.connection(), guest);
          session.read(guest);
          return transfer;
        });
  }

  @Override
  public void switchToPostCopy(UUID guest) {
    refuseForeign(guest);
    calls.ask(
        qemu,
        "let run at its destination " + guest,
        session -> departures.switchToPostCopy(session.connection(), guest));
  }

  @Override
  public void allowLongerPause(UUID guest) {
    change(
        qemu,
        "allow a longer pause of",
        guest,
        domain -> new MigrationJob(domain).allowLongerPause(),
        true);
  }

  @Override
  public void abortMigration(UUID guest) {
    refuseForeign(guest);
    calls.ask(
        qemu,
        "give up the move of " + guest,
        session -> departures.abort(session.connection(), guest));
  }

  @Override
  public Optional<Transfer.Progress> arrival(UUID guest) {
    return calls.ask(
        qemu,
        "tell how it came of " + guest,
        session ->
            session
                .connection()
                .with(guest, domain -> new MigrationJob(domain).incoming())
                .flatMap(progress -> progress)
                .map(progress -> progress.waited(session.mirror().waited(guest))));
  }

  @Override
  public void listen(Listener newListener) {
    listener = Optional.of(newListener);
  }

  @Override
  public void close() {
    keeper.close();
    endpoint.close();
    qemu.close();
  }

  /** Changes one domain of ours and reads it back, whether that went well or not. */
  private void change(
      Endpoint through, String what, UUID guest, Consumer<DomainHandle> work, boolean mustExist) {
    refuseForeign(guest);
    calls.ask(
        through,
        what + " " + guest,
        session -> {
          try {
            Optional<Boolean> done =
                session
                    .connection()
                    .with(
                        guest,
                        domain -> {
                          work.accept(domain);
                          return true;
                        });
            if (done.isEmpty() && mustExist) {
              throw new Unavailable(endpoint.name(), "domain " + guest + " is not defined");
            }
          } finally {
            session.read(guest);
          }
          return true;
        });
  }

  private void refuseOtherEpoch(DomainHandle domain, long epoch) {
    long found = domain.activeMarker().map(Marker::epoch).orElse(epoch);
    if (found != epoch) {
      throw new Unavailable(
          endpoint.name(), "the domain is of epoch " + found + " by now, not of " + epoch);
    }
  }

  private void refuseForeign(UUID guest) {
    inventory()
        .guest(guest)
        .filter(found -> !found.isOurs())
        .ifPresent(found -> {
          throw new Rejection(
              "ForeignDomain",
              "domain "
                  + found.name()
                  + " on host "
                  + address.host()
                  + " is not ours: it is never touched");
        });
  }

  /** Hands on to whoever listens by now. */
  private final class Forward implements Listener {
    @Override
    public void guestChanged(UUID guest) {
      listener.ifPresent(l -> l.guestChanged(guest));
    }

    @Override
    public void hostChanged() {
      listener.ifPresent(Listener::hostChanged);
    }
  }
}
