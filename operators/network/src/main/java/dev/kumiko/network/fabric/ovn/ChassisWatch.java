package dev.kumiko.network.fabric.ovn;

import dev.kumiko.network.fabric.Binding;
import dev.kumiko.network.fabric.Chassis;
import dev.kumiko.network.fabric.Value;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which chassis follow. OVN keeps the row of a chassis whose controller died, so a chassis counts
 * as live as long as it reaches each generation within a patience of the moment that the southbound
 * database had it. Guarded by the southbound session.
 */
final class ChassisWatch {
  private final Duration patience;
  private final InstantSource clock;
  private final Map<String, Lag> behind = new HashMap<>();

  /** A chassis that has not caught up, by the generation it stands at. */
  private record Lag(long generation, long sinceMillis) {}

  ChassisWatch(Duration patience, InstantSource clock) {
    this.patience = patience;
    this.clock = clock;
  }

  /** All registered chassis by name. */
  List<Chassis> chassis(Replica replica) {
    long newest =
        replica.table("SB_Global").values().stream()
            .mapToLong(row -> row.number("nb_cfg"))
            .max()
            .orElse(0);
    Map<String, String> hostnames =
        replica.table("Chassis").values().stream()
            .collect(
                Collectors.toMap(
                    row -> row.text("name").orElse(""),
                    row -> row.text("hostname").orElse(""),
                    (one, other) -> one));
    return replica.table("Chassis_Private").values().stream()
        .flatMap(row -> chassis(row, hostnames, newest))
        .sorted(Comparator.comparing(Chassis::name))
        .toList();
  }

  private Stream<Chassis> chassis(Replica.Columns row, Map<String, String> hostnames, long newest) {
    String name = row.text("name").orElse("");
    long generation = row.number("nb_cfg");
    return Optional.ofNullable(hostnames.get(name))
        .map(host ->
            new Chassis(name, host, reached(generation, newest), isLive(name, generation, newest)))
        .stream();
  }

  /** A number above the newest is of a database that was made anew since. */
  private static long reached(long generation, long newest) {
    return generation > newest ? 0 : generation;
  }

  private boolean isLive(String name, long generation, long newest) {
    if (generation == newest) {
      behind.remove(name);
      return true;
    }
    Lag lag =
        behind.compute(
            name,
            (n, known) ->
                Optional.ofNullable(known)
                    .filter(l -> l.generation() == generation)
                    .orElseGet(() -> new Lag(generation, clock.millis())));
    return clock.millis() - lag.sinceMillis() <= patience.toMillis();
  }

  /** Names of the live ones. */
  Set<String> live(Replica replica) {
    return chassis(replica).stream()
        .filter(Chassis::live)
        .map(Chassis::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Where a port is bound, from its Port_Binding row. */
  static Binding binding(Replica.Columns row, Replica chassis) {
    NavigableSet<String> names = new TreeSet<>();
    Stream.of(row.get("chassis"), row.get("additional_chassis"))
        .flatMap(ChassisWatch::references)
        .forEach(
            id -> chassis.row("Chassis", id).flatMap(c -> c.text("name")).ifPresent(names::add));
    return new Binding(names, row.text("up").orElse("false").equals("true"));
  }

  private static Stream<UUID> references(Value value) {
    return switch (value) {
      case Value.Reference reference -> Stream.of(reference.row());
      case Value.Texts texts -> texts.texts().stream().map(UUID::fromString);
      case Value.Pairs pairs -> Stream.empty();
    };
  }
}
