package dev.kumiko.network.fabric.ovn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What guests answer to probes, from the rows of Service_Monitor (ovn-sb(5)) that the chassis of
 * each port keeps. Guarded by the southbound session.
 */
final class ProbeIndex {
  private record Probed(String logicalPort, long tcpPort) {}

  private final Map<Probed, String> answers = new HashMap<>();

  /** Takes over changes and returns the logical ports they concern. */
  Set<String> apply(List<Replica.Change> changes) {
    for (Replica.Change change : changes) {
      change.before().flatMap(ProbeIndex::probed).ifPresent(answers::remove);
      change
          .after()
          .ifPresent(
              row -> probed(row).ifPresent(p -> answers.put(p, row.text("status").orElse(""))));
    }
    return changes.stream()
        .flatMap(change -> Stream.concat(change.before().stream(), change.after().stream()))
        .flatMap(row -> row.text("logical_port").stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Optional<Probed> probed(Replica.Columns row) {
    return row.text("logical_port").map(port -> new Probed(port, row.number("port")));
  }

  boolean answers(String logicalPort, int tcpPort) {
    return "online".equals(answers.get(new Probed(logicalPort, tcpPort)));
  }
}
