package dev.kumiko.network.fabric.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kumiko.network.fabric.ForeignHand;
import dev.kumiko.network.fabric.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import javax.net.ssl.SSLContext;

/** An administrator with a connection of their own. */
final class OvnHand implements ForeignHand, AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private final OvsdbConnection connection;

  OvnHand(OvsdbAddress address, Optional<SSLContext> tls) throws IOException {
    connection = OvsdbConnection.open(address, tls, DEADLINE, (from, method, params) -> {});
  }

  @Override
  public UUID makeSwitch(String name) {
    UUID id = UUID.randomUUID();
    ObjectNode row = OvsdbConnection.JSON.createObjectNode().put("name", name);
    transact(operation("insert", "Logical_Switch").put("uuid", id.toString()).set("row", row));
    return id;
  }

  @Override
  public void connect(UUID logicalSwitch, String physicalNetwork, int vlan) {
    UUID id = UUID.randomUUID();
    ObjectNode row =
        OvsdbConnection.JSON
            .createObjectNode()
            .put("name", "legacy-" + vlan)
            .put("type", "localnet")
            .put("tag", vlan);
    row.set("options", ColumnType.map(new TreeMap<>(Map.of("network_name", physicalNetwork))));
    JsonNode hold = OvsdbConnection.array("ports", "insert", ColumnType.uuid(id));
    transact(
        operation("insert", "Logical_Switch_Port").put("uuid", id.toString()).set("row", row),
        on("mutate", "Logical_Switch", logicalSwitch)
            .set("mutations", OvsdbConnection.array(hold)));
  }

  @Override
  public boolean hasSwitch(UUID id) {
    JsonNode rows =
        transact(on("select", "Logical_Switch", id).set("columns", OvsdbConnection.array("name")));
    return rows.path(0).path("rows").size() == 1;
  }

  @Override
  public void delete(String table, UUID row) {
    transact(on("delete", table, row));
  }

  @Override
  public void unplug(Row switchPort) {
    takeFromParent(switchPort);
  }

  @Override
  public void unhookBalancer(Row balancer) {
    takeFromParent(balancer);
  }

  private void takeFromParent(Row row) {
    Row.Parent parent = row.parent().orElseThrow();
    JsonNode mutation = OvsdbConnection.array(parent.column(), "delete", ColumnType.uuid(row.id()));
    transact(
        on("mutate", parent.table(), parent.row())
            .set("mutations", OvsdbConnection.array(mutation)));
  }

  @Override
  public void write(String table, UUID row, String column, String text) {
    transact(
        on("update", table, row)
            .set("row", OvsdbConnection.JSON.createObjectNode().put(column, text)));
  }

  @Override
  public void eraseMarker(String table, UUID row) {
    ObjectNode empty = OvsdbConnection.JSON.createObjectNode();
    empty.set("external_ids", ColumnType.map(new TreeMap<>()));
    transact(on("update", table, row).set("row", empty));
  }

  private JsonNode transact(JsonNode... operations) {
    try {
      JsonNode outcomes =
          connection.call(
              "transact",
              OvsdbConnection.array("OVN_Northbound").addAll(List.of(operations)),
              DEADLINE);
      for (JsonNode outcome : outcomes) {
        if (outcome.has("error")) {
          throw new IllegalStateException(outcome.toString());
        }
      }
      return outcomes;
    } catch (OvsdbFailure e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode operation(String name, String table) {
    return OvsdbConnection.JSON.createObjectNode().put("op", name).put("table", table);
  }

  private static ObjectNode on(String name, String table, UUID row) {
    return operation(name, table)
        .set(
            "where",
            OvsdbConnection.array(OvsdbConnection.array("_uuid", "==", ColumnType.uuid(row))));
  }

  @Override
  public void close() {
    connection.close();
  }
}
