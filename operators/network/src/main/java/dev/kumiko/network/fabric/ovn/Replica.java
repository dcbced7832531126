package dev.kumiko.network.fabric.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kumiko.network.fabric.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** A copy of the rows that one monitor sends. Not safe for threads: its session guards it. */
final class Replica {
  /** A row before and after an update; empty when it was not there. */
  record Change(String table, UUID id, Optional<Columns> before, Optional<Columns> after) {}

  /** A row's columns; a column that holds its type's default is left out by the server. */
  record Columns(NavigableMap<String, Value> values) {
    Columns {
      values = Collections.unmodifiableNavigableMap(new TreeMap<>(values));
    }

    Value get(String column) {
      return values.getOrDefault(column, Value.NONE);
    }

    /** The only element of a column. */
    Optional<String> text(String column) {
      return get(column) instanceof Value.Texts texts && texts.texts().size() == 1
          ? Optional.of(texts.texts().first())
          : Optional.empty();
    }

    /** A counter, zero when it is left out. */
    long number(String column) {
      return text(column).map(Long::parseLong).orElse(0L);
    }
  }

  private final Map<String, Map<UUID, Columns>> tables = new HashMap<>();
  private OvsdbSchema schema = new OvsdbSchema("", Map.of());

  /** The rows of a table. */
  Map<UUID, Columns> table(String name) {
    return Collections.unmodifiableMap(tables.getOrDefault(name, Map.of()));
  }

  Optional<Columns> row(String table, UUID id) {
    return Optional.ofNullable(tables.getOrDefault(table, Map.of()).get(id));
  }

  /** Replaces everything by a full answer, and says what that changed. */
  List<Change> load(OvsdbSchema newSchema, JsonNode updates) {
    Map<String, Map<UUID, Columns>> old = new HashMap<>(tables);
    tables.clear();
    schema = newSchema;
    apply(updates);
    List<Change> changes = new ArrayList<>();
    old.forEach((table, rows) ->
        rows.forEach((id, before) -> {
          Optional<Columns> after = row(table, id);
          if (!after.equals(Optional.of(before))) {
            changes.add(new Change(table, id, Optional.of(before), after));
          }
        }));
    tables.forEach((table, rows) ->
        rows.forEach((id, after) -> {
          if (!old.getOrDefault(table, Map.of()).containsKey(id)) {
            changes.add(new Change(table, id, Optional.empty(), Optional.of(after)));
          }
        }));
    return changes;
  }

  /** Takes over a {@code table-updates2}, and says what that changed. */
  List<Change> apply(JsonNode updates) {
    List<Change> changes = new ArrayList<>();
    updates
        .properties()
        .forEach(table ->
            table
                .getValue()
                .properties()
                .forEach(row ->
                    changes.add(
                        apply(table.getKey(), UUID.fromString(row.getKey()), row.getValue()))));
    return changes;
  }

  private Change apply(String table, UUID id, JsonNode update) {
    Map<UUID, Columns> rows = tables.computeIfAbsent(table, name -> new HashMap<>());
    Optional<Columns> before = Optional.ofNullable(rows.get(id));
    if (update.has("delete")) {
      rows.remove(id);
    } else if (update.has("modify")) {
      rows.put(id, modified(table, before, update.get("modify")));
    } else {
      JsonNode whole = update.has("initial") ? update.get("initial") : update.path("insert");
      NavigableMap<String, Value> values = new TreeMap<>();
      whole
          .properties()
          .forEach(column ->
              values.put(
                  column.getKey(), schema.type(table, column.getKey()).decode(column.getValue())));
      rows.put(id, new Columns(values));
    }
    return new Change(table, id, before, row(table, id));
  }

  private Columns modified(String table, Optional<Columns> before, JsonNode changes) {
    NavigableMap<String, Value> values =
        before
            .<NavigableMap<String, Value>>map(row -> new TreeMap<>(row.values()))
            .orElseGet(TreeMap::new);
    changes
        .properties()
        .forEach(column -> {
          ColumnType type = schema.type(table, column.getKey());
          Value old = values.getOrDefault(column.getKey(), Value.NONE);
          values.put(column.getKey(), type.changed(old, column.getValue()));
        });
    return new Columns(values);
  }
}
