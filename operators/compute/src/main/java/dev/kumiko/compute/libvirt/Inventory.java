package dev.kumiko.compute.libvirt;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What is on a host.
 *
 * @param secrets fingerprint of each Ceph key that we provided, by usage name
 */
public record Inventory(Map<UUID, Guest> guests, Map<String, String> secrets) {
  public Inventory {
    guests = Map.copyOf(guests);
    secrets = Map.copyOf(secrets);
  }

  public Optional<Guest> guest(UUID uuid) {
    return Optional.ofNullable(guests.get(uuid));
  }

  /** A domain of that name with another UUID: somebody else's. */
  public Optional<Guest> clash(String name, UUID uuid) {
    return guests.values().stream()
        .filter(g -> g.name().equals(name) && !g.uuid().equals(uuid))
        .findFirst();
  }
}
