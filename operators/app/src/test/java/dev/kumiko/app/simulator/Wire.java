package dev.kumiko.app.simulator;

import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.libvirt.CephSecret;
import dev.kumiko.compute.libvirt.HostFacts;
import dev.kumiko.compute.libvirt.Hypervisor;
import dev.kumiko.compute.libvirt.Inventory;
import dev.kumiko.compute.libvirt.Link;
import dev.kumiko.compute.libvirt.MigrationOrder;
import dev.kumiko.compute.libvirt.Transfer;
import dev.kumiko.reconcile.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A host as one operator sees it: until silence is noticed, what was seen last counts, and calls
 * fail.
 */
final class Wire implements Hypervisor {
  /** Three keepalives without an answer, a second apart, and a second more. */
  private static final Duration NOTICED_AFTER = Duration.ofSeconds(4);

  private final Metal metal;
  private final Site site;
  private Link link;
  private Instant heard;
  private Inventory seen;
  private int boots;
  private Optional<String> admitted = Optional.empty();
  private Optional<Listener> listener = Optional.empty();

  Wire(Metal metal, Site site) {
    this.metal = metal;
    this.site = site;
    this.heard = site.now();
    this.boots = metal.boots;
    this.link = new Link.Lost(heard, Link.Sign.UNTRIED, "not tried yet");
    this.seen = new Inventory(java.util.Map.of(), java.util.Map.of());
  }

  /** What is there now is what was seen last, should something befall the host. */
  void remember() {
    if (isUsable()) {
      seen = metal.domains.inventory();
    }
  }

  void listen(Instant now) {
    Link before = link;
    if (metal.isHeard()) {
      heard = now;
    }
    if (metal.isManageable()) {
      link = link.isConnected() && boots == metal.boots ? link : new Link.Connected(now);
      boots = metal.boots;
    } else if (metal.isHeard()) {
      link = lost(now, Link.Sign.REFUSED, "connection refused");
    } else if (!now.isBefore(heard.plus(NOTICED_AFTER))) {
      link = lost(heard, Link.Sign.SILENT, "no answer");
    }
    if (!before.equals(link)) {
      listener.ifPresent(Listener::hostChanged);
    }
  }

  private Link lost(Instant since, Link.Sign sign, String message) {
    return link instanceof Link.Lost(Instant _, Link.Sign was, String _) && was == sign
        ? link
        : new Link.Lost(since, sign, message);
  }

  void guestChanged(UUID guest) {
    if (isUsable()) {
      listener.ifPresent(l -> l.guestChanged(guest));
    }
  }

  private boolean isUsable() {
    return link.isConnected() && boots == metal.boots && metal.isManageable();
  }

  @Override
  public String host() {
    return metal.name;
  }

  @Override
  public Link link() {
    return link.isConnected() && admitted.isEmpty()
        ? new Link.Lost(heard, Link.Sign.FAILED, "its machine is not used yet")
        : link;
  }

  @Override
  public Optional<String> machine() {
    return link.isConnected() ? metal.domains.machine() : Optional.empty();
  }

  @Override
  public Optional<String> admitted() {
    return admitted;
  }

  @Override
  public void admit(String machine) {
    admitted = Optional.of(machine);
    listener.ifPresent(Listener::hostChanged);
  }

  @Override
  public HostFacts facts() {
    see();
    return metal.domains.facts();
  }

  @Override
  public Inventory inventory() {
    see();
    return isUsable() ? metal.domains.inventory() : seen;
  }

  private void see() {
    if (link() instanceof Link.Lost(Instant _, Link.Sign _, String message)) {
      throw new Unavailable("libvirt/" + metal.name, message);
    }
  }

  private Hypervisor called() {
    see();
    if (!isUsable()) {
      throw new Unavailable("libvirt/" + metal.name, "no answer in time");
    }
    return metal.domains;
  }

  @Override
  public void define(GuestDefinition guest) {
    called().define(guest);
  }

  /** QEMU opens its disks first. */
  @Override
  public void startPaused(UUID guest) {
    Hypervisor host = called();
    if (!metal.reachesStorage()) {
      throw new Unavailable("libvirt/" + metal.name, "start paused: the disk does not open");
    }
    if (metal.guest(guest).filter(g -> g.state().isActive()).isEmpty()) {
      site.moves().isNew(metal, guest);
    }
    host.startPaused(guest);
    if (site.sabotage() == Sabotage.START_AT_ONCE) {
      metal.guest(guest).flatMap(g -> g.active()).ifPresent(m -> resume(guest, m.epoch()));
    }
  }

  @Override
  public void resume(UUID guest, long epoch) {
    called().resume(guest, epoch);
    site.invariants().resumed(metal, guest, epoch);
  }

  @Override
  public void requestShutdown(UUID guest) {
    called().requestShutdown(guest);
    site.movingInvariants().ends(metal, guest);
    metal.pressPower(guest);
  }

  @Override
  public void destroy(UUID guest, long epoch) {
    if (metal.guest(guest).flatMap(g -> g.active()).filter(m -> m.epoch() == epoch).isPresent()) {
      site.movingInvariants().ends(metal, guest);
    }
    called().destroy(guest, epoch);
  }

  @Override
  public void undefine(UUID guest) {
    called().undefine(guest);
  }

  @Override
  public void reset(UUID guest) {
    called().reset(guest);
  }

  @Override
  public void announce(UUID guest) {
    called().announce(guest);
  }

  @Override
  public void resizeDisk(UUID guest, String target, long bytes) {
    called().resizeDisk(guest, target, bytes);
  }

  @Override
  public void provideSecret(CephSecret secret) {
    called().provideSecret(secret);
  }

  @Override
  public void withdraw() {
    called().withdraw();
  }

  @Override
  public void migrate(UUID guest, MigrationOrder order) {
    called();
    if (site.sabotage() == Sabotage.MOVED_BY_A_STOP) {
      destroy(guest, order.epoch());
      return;
    }
    site.movingInvariants().begins(metal, guest, order.to(), order.epoch());
    site.moves().begin(metal, guest, order);
  }

  @Override
  public Transfer transfer(UUID guest) {
    called();
    return site.moves().of(metal, guest);
  }

  @Override
  public void switchToPostCopy(UUID guest) {
    throw new Unavailable("libvirt/" + metal.name, "it does not know post-copy");
  }

  @Override
  public void allowLongerPause(UUID guest) {
    called();
  }

  @Override
  public void abortMigration(UUID guest) {
    called();
    site.moves().abort(metal, guest);
  }

  @Override
  public Optional<Transfer.Progress> arrival(UUID guest) {
    return called().arrival(guest);
  }

  @Override
  public void listen(Listener newListener) {
    listener = Optional.of(newListener);
  }

  @Override
  public void close() {}
}
