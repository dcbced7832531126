package dev.kumiko.network.fabric.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.RowChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Says row changes as OVSDB operations (RFC 7047, section 5.2; {@code uuid} in insert and the
 * order-free references of ovsdb-server(7)), with one bump of the generation at the end.
 */
final class RowTransaction {
  private final OvsdbSchema schema;
  private final Predicate<Row> stands;

  /**
   * @param stands whether a row that we do not see as ours stands nevertheless, because somebody
   *     took its marker away
   */
  RowTransaction(OvsdbSchema schema, Predicate<Row> stands) {
    this.schema = schema;
    this.stands = stands;
  }

  List<JsonNode> operations(Collection<RowChange> changes) {
    Set<UUID> deleted =
        changes.stream()
            .filter(RowChange.Delete.class::isInstance)
            .map(change -> ((RowChange.Delete) change).row().id())
            .collect(Collectors.toSet());
    List<JsonNode> operations = new ArrayList<>();
    changes.forEach(change -> operations.addAll(operations(change, deleted)));
    operations.add(
        operation("mutate", "NB_Global")
            .<ObjectNode>set("where", OvsdbConnection.array())
            .set("mutations", OvsdbConnection.array(OvsdbConnection.array("nb_cfg", "+=", 1))));
    operations.add(
        operation("select", "NB_Global")
            .<ObjectNode>set("where", OvsdbConnection.array())
            .set("columns", OvsdbConnection.array("nb_cfg")));
    return operations;
  }

  /** The generation, from the last outcome of a transaction. */
  static long generation(JsonNode outcomes) {
    return outcomes.path(outcomes.size() - 1).path("rows").path(0).path("nb_cfg").asLong();
  }

  private List<JsonNode> operations(RowChange change, Set<UUID> deleted) {
    return switch (change) {
      case RowChange.Insert(Row row) -> {
        List<JsonNode> operations = new ArrayList<>();
        operations.add(stands.test(row) ? update(row, row.columns().keySet()) : insert(row));
        row.parent().ifPresent(parent -> operations.add(hold(parent, "insert", row.id())));
        yield operations;
      }
      case RowChange.Update(Row row, var columns) -> List.of(update(row, columns));
      case RowChange.Move(Row row, var from) -> {
        List<JsonNode> operations = new ArrayList<>();
        from.ifPresent(parent -> operations.add(hold(parent, "delete", row.id())));
        row.parent().ifPresent(parent -> operations.add(hold(parent, "insert", row.id())));
        yield operations;
      }
      case RowChange.Delete(Row row) -> delete(row, deleted);
    };
  }

  /**
   * A row that cannot stand alone goes when nothing holds it any more; one that can is forgotten by
   * those who hold it.
   */
  private List<JsonNode> delete(Row row, Set<UUID> deleted) {
    Optional<OvnLayout.Holder> keeper =
        OvnLayout.holder(row.table()).filter(OvnLayout.Holder::keeps);
    if (keeper.isEmpty()) {
      return List.of(
          operation("delete", row.table()).set("where", OvsdbConnection.array(identity(row.id()))));
    }
    return row.parent()
        .map(parent ->
            deleted.contains(parent.row())
                ? List.<JsonNode>of()
                : List.of(hold(parent, "delete", row.id())))
        .orElseGet(() -> List.of(releaseAnywhere(keeper.get(), row.id())));
  }

  private JsonNode insert(Row row) {
    return operation("insert", row.table())
        .put("uuid", row.id().toString())
        .set("row", columns(row, row.columns().keySet()));
  }

  private JsonNode update(Row row, Set<String> columns) {
    return operation("update", row.table())
        .<ObjectNode>set("where", OvsdbConnection.array(identity(row.id())))
        .set("row", columns(row, columns));
  }

  private static JsonNode hold(Row.Parent parent, String how, UUID child) {
    return mutation(parent.table(), identity(parent.row()), parent.column(), how, child);
  }

  private static JsonNode releaseAnywhere(OvnLayout.Holder holder, UUID child) {
    JsonNode holds = OvsdbConnection.array(holder.column(), "includes", ColumnType.uuid(child));
    return mutation(holder.table(), holds, holder.column(), "delete", child);
  }

  private static JsonNode mutation(
      String table, JsonNode condition, String column, String how, UUID child) {
    return operation("mutate", table)
        .<ObjectNode>set("where", OvsdbConnection.array(condition))
        .set(
            "mutations",
            OvsdbConnection.array(OvsdbConnection.array(column, how, ColumnType.uuid(child))));
  }

  private ObjectNode columns(Row row, Set<String> names) {
    ObjectNode columns = OvsdbConnection.JSON.createObjectNode();
    names.forEach(name -> columns.set(name, schema.type(row.table(), name).encode(row.get(name))));
    return columns;
  }

  private static ObjectNode operation(String name, String table) {
    return OvsdbConnection.JSON.createObjectNode().put("op", name).put("table", table);
  }

  private static JsonNode identity(UUID id) {
    return OvsdbConnection.array("_uuid", "==", ColumnType.uuid(id));
  }
}
