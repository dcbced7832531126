package dev.kumiko.app.simulator;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.libvirt.InMemoryHypervisor;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A host as it really is, whatever anybody sees of it. */
final class Metal {
  /** What is wrong with it. */
  enum Fault {
    OFF,
    FROZEN,
    MANAGEMENT_CUT,
    STORAGE_CUT,
    DAEMON_DOWN
  }

  final String name;
  final String address;
  final InMemoryHypervisor domains;
  private final Set<Fault> faults = EnumSet.noneOf(Fault.class);

  /** How often it was switched off: then no connection survives. */
  int boots;

  private Instant daemonBackAt = Instant.MIN;

  Metal(String name, String address) {
    this.name = name;
    this.address = address;
    this.domains = new InMemoryHypervisor(name);
    domains.machine().ifPresent(domains::admit);
  }

  boolean has(Fault fault) {
    return faults.contains(fault);
  }

  boolean isSound() {
    return faults.isEmpty();
  }

  /** What was active is gone with the power; what was defined stays. */
  void befall(Fault fault) {
    if (fault == Fault.OFF && faults.add(fault)) {
      boots++;
      faults.remove(Fault.FROZEN);
      faults.remove(Fault.DAEMON_DOWN);
      domains.guests().stream().map(Guest::uuid).forEach(this::lose);
      domains.forgetSecrets();
    } else if (!has(Fault.OFF) || fault == Fault.MANAGEMENT_CUT || fault == Fault.STORAGE_CUT) {
      faults.add(fault);
    }
  }

  private void lose(UUID guest) {
    domains.powerOff(guest);
    if (guest(guest).filter(g -> g.definition().isEmpty()).isPresent()) {
      domains.removeForeign(guest);
    }
  }

  void recover(Fault fault) {
    faults.remove(fault);
  }

  /** libvirtd is down, and comes back by itself. */
  void crashDaemon(Instant backAt) {
    befall(Fault.DAEMON_DOWN);
    domains.forgetSecrets();
    daemonBackAt = backAt;
  }

  void pass(Instant now) {
    if (has(Fault.DAEMON_DOWN) && runs() && !now.isBefore(daemonBackAt)) {
      faults.remove(Fault.DAEMON_DOWN);
    }
  }

  boolean runs() {
    return !has(Fault.OFF) && !has(Fault.FROZEN);
  }

  /** Whether anything comes back from it on the way of the operators. */
  boolean isHeard() {
    return runs() && !has(Fault.MANAGEMENT_CUT);
  }

  boolean isManageable() {
    return isHeard() && !has(Fault.DAEMON_DOWN);
  }

  /** Whether libvirtd lives, on a host that may stand still. */
  boolean hasDaemon() {
    return !has(Fault.OFF) && !has(Fault.DAEMON_DOWN);
  }

  boolean reachesStorage() {
    return runs() && !has(Fault.STORAGE_CUT);
  }

  Optional<Guest> guest(UUID uuid) {
    return domains.guests().stream().filter(g -> g.uuid().equals(uuid)).findFirst();
  }

  boolean runs(UUID uuid, long epoch) {
    return guest(uuid)
        .filter(g -> g.state() == GuestState.RUNNING)
        .flatMap(Guest::active)
        .filter(m -> m.epoch() == epoch)
        .isPresent();
  }

  /** A guest hears its power button while its host runs. */
  void pressPower(UUID uuid) {
    if (guest(uuid).map(Guest::state).filter(GuestState.RUNNING::equals).isPresent()) {
      domains.powerOff(uuid);
    }
  }
}
