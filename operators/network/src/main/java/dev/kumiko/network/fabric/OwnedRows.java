package dev.kumiko.network.fabric;

import java.util.Set;

/**
 * What the fabric holds for one owner.
 *
 * @param rows its rows
 * @param generation the generation by which these rows were committed at the latest: a chassis that
 *     has reached it has programmed them
 */
public record OwnedRows(Set<Row> rows, long generation) {
  public OwnedRows {
    rows = Set.copyOf(rows);
  }
}
