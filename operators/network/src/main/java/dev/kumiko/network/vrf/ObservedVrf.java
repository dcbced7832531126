package dev.kumiko.network.vrf;

import dev.kumiko.network.fabric.Row;
import java.util.List;
import java.util.Set;

/**
 * What the fabric has.
 *
 * @param endpoint the fabric among the outside endpoints
 * @param rows the routing domain's rows
 * @param foreign routing domains of the same name that are not ours, for people
 */
record ObservedVrf(String endpoint, Set<Row> rows, List<String> foreign) {
  ObservedVrf {
    rows = Set.copyOf(rows);
    foreign = List.copyOf(foreign);
  }
}
