package dev.kumiko.compute.libvirt;

import dev.kumiko.compute.domainxml.Acceleration;
import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.domainxml.Marker;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A host that exists in memory only. */
public final class InMemoryHypervisor implements Hypervisor {
  private static final Instant BEGINNING = Instant.EPOCH;
  private final String host;
  private final Map<UUID, Guest> guests = new LinkedHashMap<>();
  private final Map<UUID, Integer> starts = new LinkedHashMap<>();
  private static final List<String> CPU_MODELS =
      List.of("EPYC-Rome", "Nehalem", "Skylake-Server-v4");
  private final Map<String, String> secrets = new LinkedHashMap<>();
  private final List<String> calls = new ArrayList<>();
  private final InMemoryDepartures departures = new InMemoryDepartures();
  private boolean speaks = true;
  private boolean refusesStarts;
  private Optional<Listener> listener = Optional.empty();
  private Link link = new Link.Connected(BEGINNING);
  private Admission admission;
  private HostFacts facts;

  public InMemoryHypervisor(String host) {
    this.host = host;
    this.admission = new Admission(host, Optional.empty());
    this.facts = facts(UUID.nameUUIDFromBytes(host.getBytes(StandardCharsets.UTF_8)).toString());
  }

  private static HostFacts facts(String machine) {
    return new HostFacts(
        machine, 8, 16L << 30, "Twin", CPU_MODELS, Acceleration.TCG, "in memory", "9.0.0", "7.2.0");
  }

  /** The address comes to lead to another machine, which has no guests. */
  public void leadTo(String machine) {
    facts = facts(machine);
    guests.clear();
    secrets.clear();
    listener.ifPresent(Listener::hostChanged);
  }

  /** As opened anew: no machine is admitted. */
  void dismiss() {
    admission = new Admission(host, Optional.empty());
  }

  /** Makes the host reachable or not. */
  public void reachable(boolean yes) {
    reachable(yes, BEGINNING);
  }

  /**
   * Makes the host reachable or not.
   *
   * @param since when it was heard last, or first
   */
  public void reachable(boolean yes, Instant since) {
    link = yes ? new Link.Connected(since) : new Link.Lost(since, Link.Sign.SILENT, "no answer");
    listener.ifPresent(Listener::hostChanged);
  }

  /** The machine answers, its libvirtd does not. */
  public void refusing(Instant since) {
    link = new Link.Lost(since, Link.Sign.REFUSED, "connection refused");
    listener.ifPresent(Listener::hostChanged);
  }

  /** Whether the host fails to start any guest. */
  public void refuseStarts(boolean yes) {
    refusesStarts = yes;
  }

  /** Whether guests send something when they run. */
  public void guestsSpeak(boolean yes) {
    speaks = yes;
    guests.replaceAll((u, g) -> Changed.state(g, g.state(), speaks));
  }

  /** A domain of somebody else's. */
  public void plantForeign(UUID uuid, String name) {
    guests.put(
        uuid,
        new Guest(
            uuid,
            name,
            GuestState.RUNNING,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            true));
  }

  public void removeForeign(UUID uuid) {
    guests.remove(uuid);
    listener.ifPresent(l -> l.guestChanged(uuid));
  }

  /** As virsh undefine does to a running domain: it runs on, defined no more. */
  public void forgetDefinition(UUID uuid) {
    become(uuid, Changed::undefined);
  }

  /** The guest powers itself off, as on ACPI's request. */
  public void powerOff(UUID uuid) {
    become(uuid, Changed::stopped);
  }

  /** Somebody changes the state behind our back. */
  public void become(UUID uuid, GuestState state) {
    become(uuid, g -> Changed.state(g, state, speaks));
  }

  /** All domains, also while the host is unreachable. */
  public List<Guest> guests() {
    return List.copyOf(guests.values());
  }

  /** How often the guest was started: its boot counter. */
  public int starts(UUID uuid) {
    return starts.getOrDefault(uuid, 0);
  }

  /** Changes asked for, in order. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public Link link() {
    return machine()
        .flatMap(admission::objection)
        .<Link>map(why -> new Link.Lost(BEGINNING, Link.Sign.FAILED, why))
        .orElse(link);
  }

  @Override
  public Optional<String> machine() {
    return link.isConnected() ? Optional.of(facts.machine()) : Optional.empty();
  }

  @Override
  public Optional<String> admitted() {
    return admission.machine();
  }

  @Override
  public void admit(String machine) {
    admission = new Admission(host, Optional.of(machine));
    listener.ifPresent(Listener::hostChanged);
  }

  @Override
  public HostFacts facts() {
    reach();
    return facts;
  }

  @Override
  public Inventory inventory() {
    reach();
    return new Inventory(guests, secrets);
  }

  @Override
  public void define(GuestDefinition guest) {
    ours(guest.uuid(), "define");
    inventory()
        .clash(guest.name(), guest.uuid())
        .ifPresent(c -> {
          throw new Rejection("ForeignDomain", guest.name() + " is taken on " + host);
        });
    Optional<Guest> before = Optional.ofNullable(guests.get(guest.uuid()));
    guests.put(
        guest.uuid(),
        new Guest(
            guest.uuid(),
            guest.name(),
            before.map(Guest::state).orElse(GuestState.STOPPED),
            Optional.of(guest.marker()),
            before.flatMap(Guest::active),
            Optional.of(guest),
            before.map(Guest::diskBytes).orElse(Map.of()),
            before.map(Guest::isHeard).orElse(true)));
    changed(guest.uuid());
  }

  @Override
  public void startPaused(UUID guest) {
    Guest before = active(guest, "startPaused");
    if (refusesStarts) {
      throw new Unavailable("libvirt/" + host, "start paused: no room in /var");
    }
    if (!canRun(before)) {
      throw new Unavailable("libvirt/" + host, "start paused: no such processor");
    }
    if (!before.state().isActive()) {
      starts.merge(guest, 1, Integer::sum);
      become(guest, Changed::started);
    }
  }

  private boolean canRun(Guest guest) {
    return guest
        .definition()
        .flatMap(definition -> definition.hardware().cpuModel())
        .filter(model -> !facts.cpuModels().contains(model))
        .isEmpty();
  }

  @Override
  public void resume(UUID guest, long epoch) {
    Guest before = active(guest, "resume");
    refuseOtherEpoch(before, epoch);
    if (before.state().isResumable()) {
      become(guest, GuestState.RUNNING);
    }
  }

  @Override
  public void requestShutdown(UUID guest) {
    ours(guest, "requestShutdown");
  }

  @Override
  public void destroy(UUID guest, long epoch) {
    ours(guest, "destroy");
    Guest before = guests.get(guest);
    if (before != null) {
      refuseOtherEpoch(before, epoch);
      become(guest, Changed::stopped);
    }
  }

  private void refuseOtherEpoch(Guest guest, long epoch) {
    guest
        .active()
        .map(Marker::epoch)
        .filter(found -> found != epoch)
        .ifPresent(found -> {
          throw new Unavailable("libvirt/" + host, "the domain is of epoch " + found);
        });
  }

  @Override
  public void undefine(UUID guest) {
    ours(guest, "undefine");
    Guest known = guests.get(guest);
    if (known != null && known.state().isActive()) {
      forgetDefinition(guest);
      return;
    }
    guests.remove(guest);
    changed(guest);
  }

  @Override
  public void reset(UUID guest) {
    active(guest, "reset");
    starts.merge(guest, 1, Integer::sum);
  }

  @Override
  public void announce(UUID guest) {
    if (guests.containsKey(guest)) {
      active(guest, "announce");
    }
  }

  @Override
  public void resizeDisk(UUID guest, String target, long bytes) {
    active(guest, "resizeDisk");
    become(
        guest,
        g -> {
          Map<String, Long> disks = new LinkedHashMap<>(g.diskBytes());
          disks.put(target, bytes);
          return Changed.disks(g, disks);
        });
  }

  @Override
  public void provideSecret(CephSecret secret) {
    reach();
    calls.add("provideSecret " + secret.usage());
    secrets.put(secret.usage(), secret.fingerprint());
  }

  @Override
  public void withdraw() {
    reach();
    calls.add("withdraw");
    secrets.clear();
  }

  /** From now on it can move guests to that host, and that one to this. */
  void meet(InMemoryHypervisor peer) {
    departures.meet(peer);
    peer.departures.meet(this);
  }

  /** From now on it fails to move guests; empty: it does not. */
  public void refuseMoves(Optional<String> why) {
    departures.refuse(why);
  }

  /** Whether guests that are being moved come no further. */
  public void holdMoves(boolean yes) {
    departures.stand(yes);
  }

  /** A guest is on its way here: its domain stands still, and is defined nowhere but there. */
  public void expect(Guest leaving) {
    receive(Changed.undefined(Changed.state(leaving, GuestState.HELD, false)));
  }

  /**
   * All of a guest has come.
   *
   * @param runs whether it goes on here at once
   */
  public void takeOver(Guest arriving, boolean runs) {
    receive(Changed.state(arriving, runs ? GuestState.RUNNING : GuestState.PAUSED, runs));
  }

  private void receive(Guest guest) {
    guests.put(guest.uuid(), guest);
    changed(guest.uuid());
  }

  /** A domain that left, or that does not come after all. */
  public void drop(UUID guest) {
    guests.remove(guest);
    changed(guest);
  }

  @Override
  public void migrate(UUID guest, MigrationOrder order) {
    Guest before = active(guest, "migrate");
    refuseOtherEpoch(before, order.epoch());
    departures.begin(before, order);
  }

  @Override
  public Transfer transfer(UUID guest) {
    reach();
    return departures
        .look(guest, Optional.ofNullable(guests.get(guest)))
        .orElseGet(() -> {
          drop(guest);
          return new Transfer.None(Optional.empty());
        });
  }

  @Override
  public void switchToPostCopy(UUID guest) {
    ours(guest, "switchToPostCopy");
    departures.switchToPostCopy(guest);
  }

  @Override
  public void allowLongerPause(UUID guest) {
    active(guest, "allowLongerPause");
    departures.allowLongerPause(guest);
  }

  @Override
  public void abortMigration(UUID guest) {
    ours(guest, "abortMigration");
    departures.abort(guest);
  }

  @Override
  public Optional<Transfer.Progress> arrival(UUID guest) {
    reach();
    return Optional.ofNullable(guests.get(guest))
        .filter(_ -> starts(guest) == 0)
        .map(_ -> new Transfer.Progress(5 << 20, 0, 4 << 20, 2, false, Duration.ofMillis(40)));
  }

  /** As a restart of libvirtd does: secrets are in its memory only. */
  public void forgetSecrets() {
    secrets.clear();
  }

  @Override
  public void listen(Listener newListener) {
    listener = Optional.of(newListener);
  }

  @Override
  public void close() {
    link = new Link.Lost(BEGINNING, Link.Sign.UNTRIED, "closed");
  }

  private void reach() {
    if (link() instanceof Link.Lost lost) {
      throw new Unavailable("libvirt/" + host, lost.message());
    }
  }

  private void ours(UUID guest, String call) {
    reach();
    calls.add(call + " " + guest);
    Guest found = guests.get(guest);
    if (found != null && !found.isOurs()) {
      throw new Rejection("ForeignDomain", found.name() + " on " + host + " is not ours");
    }
  }

  private Guest active(UUID guest, String call) {
    ours(guest, call);
    Guest found = guests.get(guest);
    if (found == null) {
      throw new Unavailable("libvirt/" + host, "domain " + guest + " is not defined");
    }
    return found;
  }

  private void become(UUID uuid, UnaryOperator<Guest> change) {
    guests.computeIfPresent(uuid, (u, g) -> change.apply(g));
    changed(uuid);
  }

  private void changed(UUID uuid) {
    listener.ifPresent(l -> l.guestChanged(uuid));
  }
}
