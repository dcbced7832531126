package dev.kumiko.network.fabric.ovn;

import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.Value;
import dev.kumiko.reconcile.Ownership;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds rows by owner and by identity, and parents by child. Guarded by the northbound session. */
final class OwnedIndex {
  /** A row as the replica has it. */
  private record Stored(String table, UUID id, Replica.Columns columns) {}

  private final Map<UUID, Stored> rows = new HashMap<>();
  private final Map<Ownership, Set<UUID>> owned = new HashMap<>();
  private final Map<UUID, UUID> holders = new HashMap<>();

  /** Takes over changes and returns the owners they concern. */
  Set<Ownership> apply(List<Replica.Change> changes) {
    Set<Ownership> concerned = new HashSet<>();
    for (Replica.Change change : changes) {
      change
          .before()
          .ifPresent(columns -> {
            ownerOf(columns)
                .ifPresent(owner -> {
                  concerned.add(owner);
                  forget(owner, change.id());
                });
            children(columns).forEach(child -> holders.remove(child, change.id()));
            rows.remove(change.id());
          });
      change
          .after()
          .ifPresent(columns -> {
            ownerOf(columns)
                .ifPresent(owner -> {
                  concerned.add(owner);
                  owned.computeIfAbsent(owner, o -> new HashSet<>()).add(change.id());
                });
            children(columns).forEach(child -> holders.put(child, change.id()));
            rows.put(change.id(), new Stored(change.table(), change.id(), columns));
          });
    }
    return concerned;
  }

  private void forget(Ownership owner, UUID id) {
    Set<UUID> ids = owned.getOrDefault(owner, new HashSet<>());
    ids.remove(id);
    if (ids.isEmpty()) {
      owned.remove(owner);
    }
  }

  private static Optional<Ownership> ownerOf(Replica.Columns columns) {
    return OwnerMarker.read(columns.get(OvnLayout.MARKER));
  }

  private static Stream<UUID> children(Replica.Columns columns) {
    return OvnLayout.holdingColumns()
        .flatMap(column ->
            columns.get(column) instanceof Value.Texts ids
                ? ids.texts().stream().map(UUID::fromString)
                : Stream.empty());
  }

  Set<Row> rows(Ownership owner) {
    return owned.getOrDefault(owner, Set.of()).stream()
        .flatMap(id -> Stream.ofNullable(rows.get(id)))
        .map(this::row)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Row row(Stored stored) {
    Optional<Row.Parent> parent =
        Optional.ofNullable(holders.get(stored.id()))
            .flatMap(holder -> OvnLayout.parent(stored.table(), holder));
    return new Row(stored.table(), stored.id(), stored.columns().values(), parent);
  }

  boolean contains(UUID id) {
    return rows.containsKey(id);
  }

  Optional<Ownership> owner(UUID id) {
    return Optional.ofNullable(rows.get(id)).flatMap(stored -> ownerOf(stored.columns()));
  }

  Set<Ownership> owners() {
    return Set.copyOf(owned.keySet());
  }
}
