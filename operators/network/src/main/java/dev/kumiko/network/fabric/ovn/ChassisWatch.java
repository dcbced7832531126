package dev.kumiko.network.fabric.ovn;

import dev.kumiko.network.fabric.Binding;
import dev.kumiko.network.fabric.Chassis;
import dev.kumiko.network.fabric.Value;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
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
  private final Map<String, Patience> behind = new HashMap<>();

  ChassisWatch(Duration patience, InstantSource clock) {
    this.patience = patience;
    this.clock = clock;
  }

  /** The generation that northd has passed on to the southbound database. */
  static long newest(Replica replica) {
    return replica.table("SB_Global").values().stream()
        .mapToLong(row -> row.number("nb_cfg"))
        .max()
        .orElse(0);
  }

  /** All registered chassis by name. */
  List<Chassis> chassis(Replica replica) {
    long newest = newest(replica);
    Map<String, Replica.Columns> switches =
        replica.table("Chassis").values().stream()
            .collect(
                Collectors.toMap(
                    row -> row.text("name").orElse(""), Function.identity(), (one, other) -> one));
    return replica.table("Chassis_Private").values().stream()
        .flatMap(row -> chassis(row, switches, newest))
        .sorted(Comparator.comparing(Chassis::name))
        .toList();
  }

  private Stream<Chassis> chassis(
      Replica.Columns row, Map<String, Replica.Columns> switches, long newest) {
    String name = row.text("name").orElse("");
    long generation = row.number("nb_cfg");
    return Optional.ofNullable(switches.get(name))
        .map(own ->
            new Chassis(
                name,
                own.text("hostname").orElse(""),
                reached(generation, newest),
                isLive(name, generation, newest),
                physicalNetworks(own)))
        .stream();
  }

  /** As {@code physnet1:br-one,physnet2:br-two} (ovn-controller(8), ovn-bridge-mappings). */
  private static Set<String> physicalNetworks(Replica.Columns own) {
    String mappings =
        own.get("other_config") instanceof Value.Pairs(var pairs)
            ? pairs.getOrDefault("ovn-bridge-mappings", "")
            : "";
    return Arrays.stream(mappings.split(",", -1))
        .map(mapping -> mapping.split(":", -1)[0].strip())
        .filter(physical -> !physical.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
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
    return !behind
        .computeIfAbsent(name, n -> new Patience(patience, clock))
        .isOver(generation, Long.MAX_VALUE);
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
