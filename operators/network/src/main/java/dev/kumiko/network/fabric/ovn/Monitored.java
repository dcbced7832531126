package dev.kumiko.network.fabric.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one monitor asks for.
 *
 * @param id name of the monitor within its connection
 * @param columns columns by table
 * @param marker only rows whose external_ids contain this pair, when given and where the table has
 *     external_ids
 */
record Monitored(
    String id,
    NavigableMap<String, List<String>> columns,
    Optional<Map.Entry<String, String>> marker) {

  JsonNode requests() {
    ObjectNode requests = OvsdbConnection.JSON.createObjectNode();
    columns.forEach((table, names) -> {
      ObjectNode request = OvsdbConnection.JSON.createObjectNode();
      request.set("columns", OvsdbConnection.JSON.valueToTree(names));
      if (names.contains("external_ids")) {
        marker.ifPresent(pair -> request.set("where", condition(pair)));
      }
      requests.set(table, OvsdbConnection.array(request));
    });
    return requests;
  }

  private static ArrayNode condition(Map.Entry<String, String> pair) {
    JsonNode map = ColumnType.map(new TreeMap<>(Map.of(pair.getKey(), pair.getValue())));
    return OvsdbConnection.array(OvsdbConnection.array("external_ids", "includes", map));
  }
}
