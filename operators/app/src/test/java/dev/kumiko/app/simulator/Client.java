package dev.kumiko.app.simulator;

import dev.kumiko.compute.domainxml.Marker;
import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.storage.ceph.InMemoryCephPool;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The QEMU process of one start of a guest, as a client of Ceph. */
final class Client {
  final CephClient id;
  final Metal metal;
  final UUID guest;
  final Marker marker;
  final String image;
  final InMemoryCephPool pool;
  private final int start;

  /** Whether its watch is listed. */
  boolean watches;

  /** Since when it cannot refresh its watch. */
  Optional<Instant> silentSince = Optional.empty();

  Client(
      CephClient id, Metal metal, Guest guest, Marker marker, String image, InMemoryCephPool pool) {
    this.id = id;
    this.metal = metal;
    this.guest = guest.uuid();
    this.marker = marker;
    this.image = image;
    this.pool = pool;
    this.start = metal.domains.starts(guest.uuid());
  }

  boolean isOf(Metal host, UUID uuid) {
    return metal.equals(host) && guest.equals(uuid) && isAlive();
  }

  /** Whether its process is there, frozen or not. */
  boolean isAlive() {
    return start == metal.domains.starts(guest) && state().isActive();
  }

  boolean isRunning() {
    return isAlive() && state() == GuestState.RUNNING;
  }

  private GuestState state() {
    return metal
        .guest(guest)
        .filter(g -> g.active().filter(marker::equals).isPresent())
        .map(Guest::state)
        .orElse(GuestState.STOPPED);
  }

  boolean isRefused() {
    return pool.refuses(id);
  }

  boolean reachesStorage() {
    return isAlive() && metal.reachesStorage();
  }

  String label() {
    return marker.name() + " on " + metal.name + " at epoch " + marker.epoch();
  }
}
