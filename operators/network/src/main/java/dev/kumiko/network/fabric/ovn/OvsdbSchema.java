package dev.kumiko.network.fabric.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The tables and columns of a database as its server describes them. */
record OvsdbSchema(String version, Map<String, Map<String, ColumnType>> tables) {

  static OvsdbSchema of(JsonNode schema) {
    Map<String, Map<String, ColumnType>> tables = new TreeMap<>();
    schema
        .path("tables")
        .properties()
        .forEach(table -> {
          Map<String, ColumnType> columns = new TreeMap<>();
          table
              .getValue()
              .path("columns")
              .properties()
              .forEach(column ->
                  columns.put(column.getKey(), ColumnType.of(column.getValue().path("type"))));
          tables.put(table.getKey(), columns);
        });
    return new OvsdbSchema(schema.path("version").asText(), tables);
  }

  /** The column's type. */
  ColumnType type(String table, String column) {
    return Optional.ofNullable(tables.get(table))
        .flatMap(columns -> Optional.ofNullable(columns.get(column)))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "schema " + version + " has no column " + table + "." + column));
  }
}
