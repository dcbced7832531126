package dev.kumiko.network.fabric;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One difference between the rows an owner wants and the rows it has. */
public sealed interface RowChange {

  /** The row is missing. */
  record Insert(Row row) implements RowChange {
    @Override
    public String toString() {
      return "insert " + row.table() + " " + row.id();
    }
  }

  /** The row stands, and some columns differ. */
  record Update(Row row, NavigableSet<String> columns) implements RowChange {
    @Override
    public String toString() {
      return "update " + row.table() + " " + row.id() + " " + columns;
    }
  }

  /** The row hangs on the wrong parent, or on none that is known. */
  record Move(Row row, Optional<Row.Parent> from) implements RowChange {
    @Override
    public String toString() {
      return "move " + row.table() + " " + row.id();
    }
  }

  /** The row is not wanted any more. */
  record Delete(Row row) implements RowChange {
    @Override
    public String toString() {
      return "delete " + row.table() + " " + row.id();
    }
  }

  /** Many changes on one line, for people. */
  static String describe(List<RowChange> changes) {
    return changes.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  /** What leads from the observed rows of an owner to the desired ones; empty when they agree. */
  static List<RowChange> between(Collection<Row> desired, Collection<Row> observed) {
    Map<UUID, Row> have = observed.stream().collect(Collectors.toMap(Row::id, Function.identity()));
    Map<UUID, Row> want = desired.stream().collect(Collectors.toMap(Row::id, Function.identity()));
    List<RowChange> changes = new ArrayList<>();
    for (Row row : sorted(desired)) {
      Optional.ofNullable(have.get(row.id()))
          .ifPresentOrElse(
              found -> changes.addAll(between(row, found)), () -> changes.add(new Insert(row)));
    }
    sorted(observed).stream()
        .filter(row -> !want.containsKey(row.id()))
        .forEach(row -> changes.add(new Delete(row)));
    return List.copyOf(changes);
  }

  private static List<RowChange> between(Row desired, Row observed) {
    List<RowChange> changes = new ArrayList<>();
    NavigableSet<String> columns = desired.differences(observed);
    if (!columns.isEmpty()) {
      changes.add(new Update(desired, new TreeSet<>(columns)));
    }
    if (!desired.parent().equals(observed.parent())) {
      changes.add(new Move(desired, observed.parent()));
    }
    return changes;
  }

  private static List<Row> sorted(Collection<Row> rows) {
    return rows.stream().sorted(Comparator.comparing(Row::table).thenComparing(Row::id)).toList();
  }
}
