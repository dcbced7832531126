package dev.kumiko.network.fabric;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One row of a fabric's configuration.
 *
 * @param table the table it stands in
 * @param id its identity, derived from its owner's UID and its role
 * @param columns what it holds; of a desired row, the columns that are managed
 * @param parent the row that must hold it, for rows that cannot stand alone
 */
public record Row(
    String table, UUID id, NavigableMap<String, Value> columns, Optional<Parent> parent) {

  /** Where a dependent row hangs: a column of another row. */
  public record Parent(String table, UUID row, String column) {}

  /**
   * A row of nobody: the name space under which all row identities are derived (RFC 9562, version
   * 5).
   */
  private static final UUID NAMESPACE = UUID.fromString("5d5b1d5e-6b75-4d69-8b6f-6b756d696b6f");

  public Row {
    columns = Collections.unmodifiableNavigableMap(new TreeMap<>(columns));
  }

  /** A row that stands alone. */
  public static Row root(String table, UUID id, Map<String, Value> columns) {
    return new Row(table, id, new TreeMap<>(columns), Optional.empty());
  }

  /** A row held by another. */
  public static Row child(String table, UUID id, Map<String, Value> columns, Parent parent) {
    return new Row(table, id, new TreeMap<>(columns), Optional.of(parent));
  }

  /** The identity of the row that plays a role for an owner: the same each time it is asked. */
  public static UUID idOf(String ownerUid, String role) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  ByteBuffer.allocate(16 + (ownerUid + "/" + role).getBytes(UTF_8).length)
                      .putLong(NAMESPACE.getMostSignificantBits())
                      .putLong(NAMESPACE.getLeastSignificantBits())
                      .put((ownerUid + "/" + role).getBytes(UTF_8))
                      .array());
      ByteBuffer bytes = ByteBuffer.wrap(hash);
      long high = (bytes.getLong() & ~0xF000L) | 0x5000L;
      long low = (bytes.getLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
      return new UUID(high, low);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /** The column's value, {@link Value#NONE} when there is none. */
  public Value get(String column) {
    return columns.getOrDefault(column, Value.NONE);
  }

  /** The rows that must be there before this one can be. */
  public Set<UUID> needs() {
    return Stream.concat(
            parent.stream().map(Parent::row),
            columns.values().stream()
                .filter(Value.Reference.class::isInstance)
                .map(value -> ((Value.Reference) value).row()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The managed columns in which an observed row differs from this one. */
  public NavigableSet<String> differences(Row observed) {
    return columns.entrySet().stream()
        .filter(column -> !same(column.getValue(), observed.get(column.getKey())))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean same(Value one, Value other) {
    return one.equals(other) || (one.isEmpty() && other.isEmpty());
  }

  @Override
  public String toString() {
    return table
        + " "
        + id
        + parent.map(p -> " in " + p.table() + "." + p.column() + " " + p.row()).orElse("")
        + columns.entrySet().stream()
            .map(column -> "\n  " + column.getKey() + ": " + column.getValue())
            .collect(Collectors.joining());
  }
}
