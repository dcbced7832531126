package dev.kumiko.network.fabric;

import dev.kumiko.network.fabric.ovn.OvnRendering;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Twin of a fabric: rows in memory, chassis that follow unless told not to. */
public final class InMemoryFabricTables implements FabricTables, ForeignHand {
  private static final Set<String> PHYSICAL = Set.of("physnet1");
  private static final String MARKER = "external_ids";

  /** Its rows stand without the switch that they hang on. */
  private static final String BALANCER = "Load_Balancer";

  private final Map<UUID, Row> rows = new LinkedHashMap<>();
  private final Map<Ownership, Long> generations = new HashMap<>();
  private final Map<String, Chassis> chassis = new TreeMap<>();
  private final Map<String, Binding> bindings = new HashMap<>();
  private final Set<String> answering = new HashSet<>();
  private final Map<UUID, Set<Ownership>> waiting = new HashMap<>();
  private final Set<String> frozen = new HashSet<>();
  private final List<FabricListener> listeners = new ArrayList<>();
  private long generation;
  private boolean isDown;
  private boolean isTranslated = true;

  public InMemoryFabricTables(String... chassisNames) {
    for (String name : chassisNames) {
      chassis.put(name, new Chassis(name, name, 0, true, PHYSICAL));
    }
  }

  /** The controller stops answering, or answers again. */
  public void down(boolean down) {
    isDown = down;
  }

  /** The chassis stops following, or follows again and catches up. */
  public void freeze(String name, boolean stop) {
    if (stop) {
      frozen.add(name);
    } else {
      frozen.remove(name);
    }
    follow();
  }

  /** A chassis that no longer follows is found out. */
  public void silence(String name) {
    chassis.computeIfPresent(
        name, (n, c) -> new Chassis(n, c.hostname(), c.generation(), false, c.physicalNetworks()));
    listeners.forEach(FabricListener::chassisChanged);
  }

  /** The chassis loses its uplinks. */
  public void unmap(String name) {
    chassis.computeIfPresent(
        name, (n, c) -> new Chassis(n, c.hostname(), c.generation(), c.live(), Set.of()));
    listeners.forEach(FabricListener::chassisChanged);
  }

  /** What is committed reaches no chassis any more, or reaches all again. */
  public void translate(boolean yes) {
    isTranslated = yes;
    follow();
  }

  /** A guest's interface appears on a chassis. */
  public void plug(Ownership port, Binding binding) {
    bindings.put(port.uid(), binding);
    listeners.forEach(listener -> listener.rowsChanged(port));
  }

  /** The guest begins to answer on a TCP port, or ends to. */
  public void answer(Ownership port, int tcpPort, boolean yes) {
    if (yes) {
      answering.add(port.uid() + ":" + tcpPort);
    } else {
      answering.remove(port.uid() + ":" + tcpPort);
    }
    listeners.forEach(listener -> listener.rowsChanged(port));
  }

  /** Every row, for comparison of whole worlds. */
  public Map<UUID, Row> world() {
    return Map.copyOf(rows);
  }

  @Override
  public String endpoint() {
    return "fabric/twin";
  }

  @Override
  public Rendering rendering() {
    return new OvnRendering();
  }

  @Override
  public OwnedRows observe(Ownership owner) {
    requireUp();
    return new OwnedRows(owned(owner), generations.getOrDefault(owner, 0L));
  }

  @Override
  public Set<Ownership> owners() {
    requireUp();
    return rows.values().stream()
        .flatMap(row -> ownerOf(row).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public long commit(Ownership owner, Set<Row> desired, Duration deadline) {
    requireUp();
    if (RowChange.between(desired, owned(owner)).isEmpty()) {
      return generations.getOrDefault(owner, 0L);
    }
    check(owner, desired);
    Set<UUID> wanted = desired.stream().map(Row::id).collect(Collectors.toSet());
    owned(owner).stream().map(Row::id).filter(id -> !wanted.contains(id)).forEach(this::remove);
    desired.forEach(row -> rows.put(row.id(), row));
    generations.put(owner, ++generation);
    follow();
    tell(Set.of(owner));
    wanted.stream()
        .flatMap(id -> Optional.ofNullable(waiting.remove(id)).stream())
        .forEach(this::tell);
    return generation;
  }

  private void check(Ownership owner, Set<Row> desired) {
    Set<UUID> known = new HashSet<>(rows.keySet());
    desired.forEach(row -> known.add(row.id()));
    for (Row row : desired) {
      if (row.get("tag") instanceof Value.Texts tag
          && !tag.isEmpty()
          && Integer.parseInt(tag.texts().first()) > 4095) {
        throw new Rejection("FabricRefused", tag + " is not a VLAN");
      }
      for (UUID needed : row.needs()) {
        if (!known.contains(needed)) {
          waiting.computeIfAbsent(needed, id -> new HashSet<>()).add(owner);
          throw new Unavailable(endpoint(), row.table() + " needs row " + needed);
        }
      }
    }
  }

  /** A row takes those along that hang on it, and leaves none that refer to it. */
  private void remove(UUID id) {
    Row gone = rows.remove(id);
    if (gone == null) {
      return;
    }
    ownerOf(gone).ifPresent(owner -> tell(Set.of(owner)));
    List<Row> children =
        rows.values().stream()
            .filter(row -> row.parent().map(parent -> parent.row().equals(id)).orElse(false))
            .toList();
    children.forEach(child -> {
      if (child.table().equals(BALANCER)) {
        unhook(child);
      } else {
        remove(child.id());
      }
    });
    rows.replaceAll((other, row) -> withoutReferences(row, id));
  }

  private void unhook(Row row) {
    rows.put(row.id(), new Row(row.table(), row.id(), row.columns(), Optional.empty()));
    ownerOf(row).ifPresent(owner -> tell(Set.of(owner)));
  }

  private static Row withoutReferences(Row row, UUID to) {
    NavigableMap<String, Value> columns = new TreeMap<>(row.columns());
    columns.replaceAll((name, value) ->
        value instanceof Value.Reference reference && reference.row().equals(to)
            ? Value.NONE
            : value);
    return new Row(row.table(), row.id(), columns, row.parent());
  }

  private Set<Row> owned(Ownership owner) {
    return rows.values().stream()
        .filter(row -> ownerOf(row).equals(Optional.of(owner)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Optional<Ownership> ownerOf(Row row) {
    return row.get(MARKER) instanceof Value.Pairs(var pairs)
        ? Ownership.fromMap(pairs)
        : Optional.empty();
  }

  private void follow() {
    if (!isTranslated) {
      return;
    }
    chassis.replaceAll((name, c) ->
        frozen.contains(name)
            ? c
            : new Chassis(name, c.hostname(), generation, true, c.physicalNetworks()));
    tell(Set.copyOf(generations.keySet()));
    listeners.forEach(FabricListener::chassisChanged);
  }

  private void tell(Set<Ownership> owners) {
    listeners.forEach(listener -> owners.forEach(listener::rowsChanged));
  }

  private void requireUp() {
    if (isDown) {
      throw new Unavailable(endpoint(), "connection refused");
    }
  }

  @Override
  public List<Chassis> chassis() {
    return List.copyOf(chassis.values());
  }

  @Override
  public Binding binding(Ownership port) {
    return bindings.getOrDefault(port.uid(), Binding.NOWHERE);
  }

  /** Nobody hears an answer who did not ask: the check must stand, and hang on a switch. */
  @Override
  public boolean answers(Ownership port, int tcpPort) {
    boolean isAsked =
        owned(port).stream()
            .filter(row -> row.table().equals(BALANCER) && row.parent().isPresent())
            .flatMap(balancer ->
                rows.values().stream()
                    .filter(row -> row.parent().map(Row.Parent::row).equals(id(balancer))))
            .anyMatch(check -> check.get("vip").toString().endsWith(":" + tcpPort));
    return isAsked && answering.contains(port.uid() + ":" + tcpPort);
  }

  private static Optional<UUID> id(Row row) {
    return Optional.of(row.id());
  }

  @Override
  public Set<UUID> missing(Ownership asking, Set<UUID> needed) {
    requireUp();
    Set<UUID> missing = new HashSet<>(needed);
    missing.removeIf(
        id -> Optional.ofNullable(rows.get(id)).flatMap(InMemoryFabricTables::ownerOf).isPresent());
    missing.forEach(id -> waiting.computeIfAbsent(id, i -> new HashSet<>()).add(asking));
    return missing;
  }

  @Override
  public List<ForeignRow> foreign(String table, String name) {
    requireUp();
    return rows.values().stream()
        .filter(row -> row.table().equals(table) && ownerOf(row).isEmpty())
        .filter(row -> row.get("name").equals(Value.text(name)))
        .map(row -> new ForeignRow(table, row.id(), name))
        .toList();
  }

  @Override
  public int foreignSegments() {
    requireUp();
    return (int)
        rows.values().stream()
            .filter(row -> row.table().equals("Logical_Switch") && ownerOf(row).isEmpty())
            .count();
  }

  @Override
  public Map<Integer, String> foreignVlans(String physicalNetwork, Set<String> ours) {
    requireUp();
    return rows.values().stream()
        .filter(row -> row.get("type").equals(Value.text("localnet")))
        .filter(row -> ownerOf(row).filter(o -> ours.contains(o.uid())).isEmpty())
        .filter(
            row -> row.get("options").equals(Value.pairs(Map.of("network_name", physicalNetwork))))
        .collect(
            Collectors.toUnmodifiableMap(
                row -> Integer.valueOf(row.get("tag").toString()),
                row -> "localnet port " + row.get("name") + ", which is not ours"));
  }

  @Override
  public FabricHealth health() {
    return isDown
        ? new FabricHealth(
            Optional.empty(), Optional.empty(), Optional.of("connection refused"), Optional.empty())
        : new FabricHealth(
            Optional.of("twin"),
            Optional.of("1.0"),
            Optional.empty(),
            isTranslated ? Optional.empty() : Optional.of("northd is stopped: start it"));
  }

  @Override
  public void listen(FabricListener listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {}

  @Override
  public UUID makeSwitch(String name) {
    Row row = Row.root("Logical_Switch", UUID.randomUUID(), Map.of("name", Value.text(name)));
    rows.put(row.id(), row);
    return row.id();
  }

  @Override
  public void connect(UUID logicalSwitch, String physicalNetwork, int vlan) {
    Row row =
        Row.child(
            "Logical_Switch_Port",
            UUID.randomUUID(),
            Map.of(
                "name",
                Value.text("legacy-" + vlan),
                "type",
                Value.text("localnet"),
                "tag",
                Value.number(vlan),
                "options",
                Value.pairs(Map.of("network_name", physicalNetwork))),
            new Row.Parent("Logical_Switch", logicalSwitch, "ports"));
    rows.put(row.id(), row);
  }

  @Override
  public boolean hasSwitch(UUID id) {
    return rows.containsKey(id);
  }

  @Override
  public void delete(String table, UUID row) {
    remove(row);
  }

  @Override
  public void unplug(Row switchPort) {
    remove(switchPort.id());
  }

  @Override
  public void unhookBalancer(Row balancer) {
    unhook(balancer);
  }

  @Override
  public void write(String table, UUID row, String column, String text) {
    replace(row, column, Value.text(text));
  }

  @Override
  public void eraseMarker(String table, UUID row) {
    replace(row, MARKER, Value.NONE);
  }

  private void replace(UUID id, String column, Value value) {
    Row row = Optional.ofNullable(rows.get(id)).orElseThrow();
    NavigableMap<String, Value> columns = new TreeMap<>(row.columns());
    columns.put(column, value);
    rows.put(id, new Row(row.table(), id, columns, row.parent()));
    ownerOf(row).ifPresent(owner -> tell(Set.of(owner)));
  }
}
