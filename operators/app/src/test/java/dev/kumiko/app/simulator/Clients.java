package dev.kumiko.app.simulator;

import dev.kumiko.compute.domainxml.Marker;
import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.storage.ceph.InMemoryCephPool;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.v1alpha1.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Couples the hosts with the pools: who has which image open, and who writes. */
final class Clients {
  /** As long as an OSD keeps a watch that is not refreshed. */
  private static final Duration WATCH = Duration.ofSeconds(30);

  private final Site site;
  private final List<Client> clients = new ArrayList<>();
  private final Map<String, Instant> answered = new HashMap<>();
  private final Map<String, CephClient> lockOwners = new HashMap<>();
  private int nextId = 100;

  Clients(Site site) {
    this.site = site;
  }

  List<Client> all() {
    return List.copyOf(clients);
  }

  /** Those that write right now. */
  List<Client> writers() {
    return clients.stream()
        .filter(Client::isRunning)
        .filter(Client::reachesStorage)
        .filter(c -> !c.isRefused())
        .toList();
  }

  void couple() {
    site.metals().forEach(this::started);
    clients.removeIf(this::hasEnded);
    clients.forEach(this::watch);
    writers().forEach(this::lock);
  }

  private void started(Metal metal) {
    for (Guest guest : metal.domains.guests()) {
      Optional<Marker> marker = guest.active();
      if (marker.isPresent() && clients.stream().noneMatch(c -> c.isOf(metal, guest.uuid()))) {
        volume(marker.get())
            .ifPresent(volume -> {
              CephClient id = new CephClient(metal.address + ":0/" + nextId, nextId++);
              String image = RbdNames.volume(volume.getMetadata().getUid());
              InMemoryCephPool pool = site.pool(volume.getSpec().pool());
              clients.add(new Client(id, metal, guest, marker.get(), image, pool));
            });
      }
    }
  }

  private Optional<Volume> volume(Marker marker) {
    return site.cluster().get(Volume.class, marker.namespace(), marker.name() + "-root");
  }

  /** Libvirt has QEMU close its disks; who loses power or network says no farewell. */
  private boolean hasEnded(Client client) {
    if (client.isAlive()) {
      return false;
    }
    boolean saysFarewell = client.metal.reachesStorage() && client.silentSince.isEmpty();
    if (saysFarewell || isTimedOut(client)) {
      leave(client);
      return true;
    }
    return !client.watches;
  }

  private boolean isTimedOut(Client client) {
    return client.silentSince.filter(since -> !site.now().isBefore(since.plus(WATCH))).isPresent();
  }

  private void watch(Client client) {
    if (client.reachesStorage()) {
      enter(client);
      if (!client.isRefused()) {
        answered.put(client.metal.name, site.now());
      }
      return;
    }
    if (client.silentSince.isEmpty()) {
      client.silentSince = Optional.of(site.now());
      client.pool.freeze(client.id);
    }
    if (isTimedOut(client)) {
      leave(client);
    }
  }

  private void enter(Client client) {
    if (client.silentSince.isPresent()) {
      client.silentSince = Optional.empty();
      client.pool.thaw(client.id);
    }
    if (!client.watches) {
      client.watches = true;
      client.pool.open(client.image, client.id);
    }
  }

  private void leave(Client client) {
    if (client.watches) {
      client.watches = false;
      client.pool.leave(client.image, client.id);
    }
  }

  private void lock(Client client) {
    if (!client.id.equals(lockOwners.put(client.image, client.id))) {
      client.pool.lock(client.image, client.id);
    }
  }

  /** When a guest on the host could be heard through Ceph last. */
  Optional<Instant> answered(String host) {
    return Optional.ofNullable(answered.get(host));
  }
}
