package dev.kumiko.network.fabric.ovn;

import dev.kumiko.network.fabric.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Finds rows of anybody by name, and VLANs by uplink. Guarded by the northbound session. */
final class NameIndex {
  private record Name(String table, String text) {}

  /** A switch's connection to a VLAN of a physical network. */
  record Uplink(UUID id, String name, String physicalNetwork, int vlan) {}

  private final Map<Name, Set<UUID>> named = new HashMap<>();
  private final Map<UUID, Uplink> uplinks = new HashMap<>();

  void apply(List<Replica.Change> changes) {
    for (Replica.Change change : changes) {
      change
          .before()
          .flatMap(row -> name(change.table(), row))
          .ifPresent(name -> {
            Set<UUID> ids = named.getOrDefault(name, new HashSet<>());
            ids.remove(change.id());
            if (ids.isEmpty()) {
              named.remove(name);
            }
          });
      uplinks.remove(change.id());
      change
          .after()
          .flatMap(row -> name(change.table(), row))
          .ifPresent(name -> named.computeIfAbsent(name, n -> new HashSet<>()).add(change.id()));
      change
          .after()
          .flatMap(row -> uplink(change.id(), row))
          .ifPresent(uplink -> uplinks.put(change.id(), uplink));
    }
  }

  private static Optional<Name> name(String table, Replica.Columns row) {
    return row.text(OvnLayout.nameColumn(table)).map(text -> new Name(table, text));
  }

  private static Optional<Uplink> uplink(UUID id, Replica.Columns row) {
    if (row.text("type").equals(Optional.of("localnet"))
        && row.get("options") instanceof Value.Pairs(var options)) {
      return row.text("tag")
          .map(tag ->
              new Uplink(
                  id,
                  row.text("name").orElse(""),
                  options.getOrDefault("network_name", ""),
                  Integer.parseInt(tag)));
    }
    return Optional.empty();
  }

  /** The rows of that name. */
  Set<UUID> named(String table, String text) {
    return Set.copyOf(named.getOrDefault(new Name(table, text), Set.of()));
  }

  /** All rows of a table. */
  Stream<UUID> all(String table) {
    return named.entrySet().stream()
        .filter(entry -> entry.getKey().table().equals(table))
        .flatMap(entry -> entry.getValue().stream());
  }

  /** Every switch's connection to a VLAN. */
  Stream<Uplink> uplinks() {
    return uplinks.values().stream();
  }
}
