package dev.kumiko.compute.libvirt;

import com.google.common.collect.Maps;
import com.google.common.collect.Sets;
import dev.kumiko.compute.domainxml.DomainXml;
import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.domainxml.Marker;
import dev.kumiko.compute.domainxml.NotOurs;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.libvirt.jna.DomainPointer;
import org.libvirt.jna.Libvirt;

/**
 * What a host has, as last read. Reading and remembering is one step under a lock, so that an older
 * answer never replaces a newer one.
 */
final class Mirror {
  private final Arrivals arrivals;
  private volatile Inventory inventory = new Inventory(Map.of(), Map.of());

  Mirror(Arrivals arrivals) {
    this.arrivals = arrivals;
  }

  Inventory inventory() {
    return inventory;
  }

  /** Everything that libvirtd knows by itself, in one bulk call and the documents. */
  synchronized void readAll(HostConnection connection) {
    Map<UUID, Guest> guests = new LinkedHashMap<>();
    DomainStats.ofAll(
        connection.handle(),
        DomainStats.OF_DAEMON,
        (domain, stats) -> guest(domain, stats).ifPresent(g -> guests.put(g.uuid(), g)));
    inventory = new Inventory(guests, Map.of());
    readSecrets(connection);
  }

  /**
   * All states in one bulk call, and the secrets; of the domains only what came, went or changed
   * its state since it was read.
   */
  synchronized void catchUp(HostConnection connection) {
    Map<UUID, GuestState> states = new LinkedHashMap<>();
    DomainStats.ofAll(
        connection.handle(),
        DomainStats.OF_DAEMON,
        (domain, stats) -> states.put(DomainHandle.uuid(domain), stats.state()));
    Map<UUID, GuestState> known = Maps.transformValues(inventory.guests(), Guest::state);
    Set<UUID> changed = new LinkedHashSet<>(Sets.union(states.keySet(), known.keySet()));
    changed.removeIf(uuid -> Objects.equals(states.get(uuid), known.get(uuid)));
    changed.forEach(uuid -> read(connection, uuid));
    readSecrets(connection);
  }

  /** Our guests that run and were not heard yet. */
  Set<UUID> unheard() {
    return inventory.guests().values().stream()
        .filter(g -> g.isOurs() && g.state() == GuestState.RUNNING && !g.isHeard())
        .map(Guest::uuid)
        .collect(Collectors.toSet());
  }

  /** Asks in one bulk call which of those were heard by now. */
  synchronized Set<UUID> readHeard(HostConnection connection, Set<UUID> waiting) {
    Map<UUID, Guest> guests = new LinkedHashMap<>(inventory.guests());
    Set<UUID> heard = new LinkedHashSet<>();
    DomainStats.ofAll(
        connection.handle(),
        DomainStats.OF_DAEMON,
        (domain, stats) -> {
          UUID uuid = DomainHandle.uuid(domain);
          if (stats.isHeard() && waiting.contains(uuid)) {
            guests.computeIfPresent(uuid, (u, g) -> g.heard(true));
            heard.add(uuid);
          }
        });
    inventory = new Inventory(guests, inventory.secrets());
    return heard;
  }

  /** One domain, after an event or a change of our own. */
  synchronized void read(HostConnection connection, UUID uuid) {
    Map<UUID, Guest> guests = new LinkedHashMap<>(inventory.guests());
    guests.remove(uuid);
    connection.with(
        uuid,
        domain -> {
          DomainStats.of(
              domain,
              DomainStats.OF_DAEMON,
              (pointer, stats) -> guest(pointer, stats).ifPresent(g -> guests.put(uuid, g)));
          return true;
        });
    Optional.ofNullable(guests.get(uuid))
        .ifPresentOrElse(arrivals::saw, () -> arrivals.forget(uuid));
    inventory = new Inventory(guests, inventory.secrets());
  }

  /** As {@link Arrivals#waited}. */
  Optional<Duration> waited(UUID guest) {
    return arrivals.waited(guest);
  }

  /**
   * The sizes of all disks; hangs while a pool does, so that the lock is not held meanwhile.
   *
   * @return the guests of which they are others than were known
   */
  Set<UUID> readDisks(HostConnection connection) {
    Map<UUID, Map<String, Long>> sizes = new LinkedHashMap<>();
    DomainStats.ofAll(
        connection.handle(),
        DomainStats.OF_DISKS,
        (domain, stats) -> sizes.put(DomainHandle.uuid(domain), stats.diskBytes()));
    return remember(sizes);
  }

  /** As {@link #readDisks(HostConnection)}, of one domain. */
  Set<UUID> readDisks(HostConnection connection, UUID uuid) {
    Map<UUID, Map<String, Long>> sizes = new LinkedHashMap<>();
    connection.with(
        uuid,
        domain -> {
          DomainStats.of(
              domain, DomainStats.OF_DISKS, (_, stats) -> sizes.put(uuid, stats.diskBytes()));
          return true;
        });
    return remember(sizes);
  }

  /** Whether it is an active guest of ours whose disks were not read since it was started. */
  boolean lacksSizes(UUID uuid) {
    return inventory
        .guest(uuid)
        .filter(guest -> guest.active().isPresent() && guest.diskBytes().isEmpty())
        .isPresent();
  }

  /** A QEMU that was busy has said nothing: what was known stays. Of foreign guests nothing is. */
  private synchronized Set<UUID> remember(Map<UUID, Map<String, Long>> sizes) {
    Map<UUID, Guest> guests = new LinkedHashMap<>(inventory.guests());
    Set<UUID> changed = new LinkedHashSet<>();
    sizes.forEach((uuid, bytes) -> {
      Guest guest = guests.get(uuid);
      if (guest != null
          && guest.active().isPresent()
          && !bytes.isEmpty()
          && !bytes.equals(guest.diskBytes())) {
        guests.put(uuid, guest.sized(bytes));
        changed.add(uuid);
      }
    });
    inventory = new Inventory(guests, inventory.secrets());
    return changed;
  }

  /** Those that were read since the domain was started. */
  private Map<String, Long> knownSizes(UUID uuid, Optional<Marker> active) {
    return inventory
        .guest(uuid)
        .filter(before -> active.isPresent() && before.active().equals(active))
        .map(Guest::diskBytes)
        .orElse(Map.of());
  }

  synchronized void readSecrets(HostConnection connection) {
    inventory =
        new Inventory(
            inventory.guests(), connection.isQemu() ? HostSecrets.known(connection) : Map.of());
  }

  /** Empty when the domain vanished while it was read. */
  private Optional<Guest> guest(DomainPointer pointer, DomainStats stats) {
    // Not closed: the handle belongs to the list of statistics.
    DomainHandle domain = new DomainHandle(pointer);
    try {
      String document = domain.definition();
      Optional<Marker> active = stats.state().isActive() ? activeMarker(domain) : Optional.empty();
      UUID uuid = DomainHandle.uuid(pointer);
      return Optional.of(
          new Guest(
              uuid,
              Libvirt.INSTANCE.virDomainGetName(pointer),
              stats.state(),
              marker(document),
              active,
              domain.isPersistent() ? definition(document) : Optional.empty(),
              knownSizes(uuid, active),
              stats.isHeard()));
    } catch (LibvirtFailure e) {
      if (e.is(LibvirtFailure.NO_DOMAIN)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Optional<Marker> marker(String document) {
    try {
      return DomainXml.marker(document);
    } catch (NotOurs e) {
      return Optional.empty();
    }
  }

  private static Optional<Marker> activeMarker(DomainHandle domain) {
    try {
      return domain.activeMarker();
    } catch (NotOurs e) {
      return Optional.empty();
    }
  }

  private static Optional<GuestDefinition> definition(String document) {
    try {
      return DomainXml.parse(document);
    } catch (NotOurs e) {
      return Optional.empty();
    }
  }
}
