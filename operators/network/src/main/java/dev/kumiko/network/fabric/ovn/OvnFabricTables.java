package dev.kumiko.network.fabric.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kumiko.network.fabric.Binding;
import dev.kumiko.network.fabric.Chassis;
import dev.kumiko.network.fabric.FabricHealth;
import dev.kumiko.network.fabric.FabricListener;
import dev.kumiko.network.fabric.FabricTables;
import dev.kumiko.network.fabric.ForeignRow;
import dev.kumiko.network.fabric.OwnedRows;
import dev.kumiko.network.fabric.Rendering;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.Value;
import dev.kumiko.reconcile.Endpoint;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Unavailable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** OVN: the northbound database says what shall be, the southbound one how far the chassis are. */
public final class OvnFabricTables implements FabricTables {
  private static final Logger LOG = LoggerFactory.getLogger(OvnFabricTables.class);

  /** How long a chassis may lag behind before it does not count as live. */
  private static final Duration CHASSIS_PATIENCE = Duration.ofSeconds(5);

  /** How long northd may take to say in the southbound database what the northbound one has. */
  private static final Duration NORTHD_PATIENCE = Duration.ofSeconds(10);

  /**
   * When nothing is committed for so long, the generation moves nevertheless: a chassis whose
   * controller died shows only by not following.
   */
  private static final Duration PULSE = Duration.ofSeconds(30);

  private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(10);

  private static final String GLOBAL = "NB_Global";

  private final String endpoint;
  private final OvsdbSession north;
  private final OvsdbSession south;
  private final OwnedIndex index = new OwnedIndex();
  private final NameIndex names = new NameIndex();
  private final ChassisWatch watch = new ChassisWatch(CHASSIS_PATIENCE, InstantSource.system());

  private final Patience northd = new Patience(NORTHD_PATIENCE, InstantSource.system());
  private final Patience pulse = new Patience(PULSE, InstantSource.system());

  /** Port_Binding rows by logical port; guarded by the southbound session. */
  private final Map<String, Replica.Columns> bindings = new HashMap<>();

  /** Guarded by the southbound session. */
  private final ProbeIndex probes = new ProbeIndex();

  private final Progress progress = new Progress();

  /** Who is told when a row appears; guarded by the northbound session. */
  private final Map<UUID, Set<Ownership>> waiting = new HashMap<>();

  private final List<FabricListener> listeners = new CopyOnWriteArrayList<>();
  private final Endpoint calls;
  private final OvnWriter writer;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile List<Chassis> known = List.of();
  private volatile Optional<String> lag = Optional.empty();

  private OvnFabricTables(
      String endpoint,
      List<OvsdbAddress> northbound,
      List<OvsdbAddress> southbound,
      Optional<SSLContext> tls) {
    this.endpoint = endpoint;
    north =
        new OvsdbSession(
            new OvsdbSession.Target("OVN_Northbound", northbound, tls),
            OvnLayout.northbound(),
            new NorthObserver(),
            OvsdbSession.Patience.USUAL);
    south =
        new OvsdbSession(
            new OvsdbSession.Target("OVN_Southbound", southbound, tls),
            OvnLayout.southbound(),
            new SouthObserver(),
            OvsdbSession.Patience.USUAL);
    calls = new Endpoint(endpoint, 1, LONGEST_TRANSACTION);
    writer = new OvnWriter(calls, new WriterWorld());
  }

  /**
   * Begins to connect, and returns at once; until the first connection stands, {@link #health()}
   * says so.
   *
   * @param endpoint its name, for example {@code ovn/main}
   * @param northbound {@code ssl:host:port}, {@code tcp:host:port} or {@code unix:path}; several of
   *     one cluster with commas
   * @param identity needed for ssl
   */
  public static OvnFabricTables connect(
      String endpoint, String northbound, String southbound, Optional<TlsIdentity> identity) {
    OvnFabricTables tables =
        new OvnFabricTables(
            endpoint,
            OvsdbAddress.parse(northbound),
            OvsdbAddress.parse(southbound),
            identity.map(TlsIdentity::context));
    tables.north.start();
    tables.south.start();
    Thread.ofPlatform().daemon().name(endpoint + " chassis watch").start(tables::keepWatch);
    return tables;
  }

  @Override
  public String endpoint() {
    return endpoint;
  }

  @Override
  public Rendering rendering() {
    return new OvnRendering();
  }

  @Override
  public OwnedRows observe(Ownership owner) {
    requireNorth();
    return north.read(replicas -> new OwnedRows(index.rows(owner), progress.generation(owner)));
  }

  @Override
  public Set<Ownership> owners() {
    requireNorth();
    return north.read(replicas -> index.owners());
  }

  @Override
  public long commit(Ownership owner, Set<Row> desired, Duration deadline) {
    requireNorth();
    return writer.commit(owner, desired, deadline);
  }

  @Override
  public List<Chassis> chassis() {
    return south.read(replicas -> watch.chassis(replica(replicas, OvnLayout.CHASSIS)));
  }

  @Override
  public Binding binding(Ownership port) {
    return south.read(replicas ->
        Optional.ofNullable(bindings.get(port.uid()))
            .map(row -> ChassisWatch.binding(row, replica(replicas, OvnLayout.CHASSIS)))
            .orElse(Binding.NOWHERE));
  }

  @Override
  public boolean answers(Ownership port, int tcpPort) {
    return south.read(replicas -> probes.answers(port.uid(), tcpPort));
  }

  @Override
  public Set<UUID> missing(Ownership asking, Set<UUID> needed) {
    requireNorth();
    return north.read(replicas -> {
      Set<UUID> missing = new HashSet<>(needed);
      missing.removeIf(index::contains);
      missing.forEach(row -> waits(asking, row));
      return missing;
    });
  }

  private void waits(Ownership owner, UUID row) {
    waiting.computeIfAbsent(row, id -> new HashSet<>()).add(owner);
  }

  @Override
  public List<ForeignRow> foreign(String table, String name) {
    requireNorth();
    return north.read(replicas ->
        names.named(table, name).stream()
            .filter(id -> !index.contains(id))
            .map(id -> new ForeignRow(table, id, name))
            .toList());
  }

  @Override
  public int foreignSegments() {
    requireNorth();
    return north.read(
        replicas -> (int) names.all(OvnLayout.SWITCH).filter(id -> !index.contains(id)).count());
  }

  @Override
  public Map<Integer, String> foreignVlans(String physicalNetwork, Set<String> ours) {
    requireNorth();
    return north.read(replicas ->
        names
            .uplinks()
            .filter(uplink -> uplink.physicalNetwork().equals(physicalNetwork))
            .filter(
                uplink -> index.owner(uplink.id()).filter(o -> ours.contains(o.uid())).isEmpty())
            .collect(
                Collectors.toUnmodifiableMap(
                    NameIndex.Uplink::vlan,
                    uplink -> "localnet port " + uplink.name() + ", which is not ours",
                    (one, other) -> one)));
  }

  @Override
  public FabricHealth health() {
    Optional<String> trouble =
        north.address().isEmpty()
            ? Optional.of("northbound database: " + north.trouble())
            : south.address().isEmpty()
                ? Optional.of("southbound database: " + south.trouble())
                : Optional.empty();
    return new FabricHealth(north.address().map(OvsdbAddress::toString), version(), trouble, lag);
  }

  /**
   * northd writes its version as {@code 23.03.1-20.27.0-70.6}: OVN, southbound schema, internal
   * counters.
   */
  private Optional<String> version() {
    return global(row ->
        row.get("options") instanceof Value.Pairs(var options)
            ? Optional.ofNullable(options.get("northd_internal_version"))
                .map(version -> version.replaceFirst("-.*", ""))
            : Optional.empty());
  }

  private <T> Optional<T> global(Function<Replica.Columns, Optional<T>> reading) {
    return north.read(replicas ->
        replica(replicas, OvnLayout.OWNED).table(GLOBAL).values().stream()
            .findFirst()
            .flatMap(reading));
  }

  @Override
  public void listen(FabricListener listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    closed.countDown();
    writer.close();
    calls.close();
    north.close();
    south.close();
  }

  private void requireNorth() {
    if (north.address().isEmpty()) {
      throw new Unavailable(endpoint, "northbound database: " + north.trouble());
    }
  }

  private static Replica replica(Map<String, Replica> replicas, String monitor) {
    return Optional.ofNullable(replicas.get(monitor))
        .orElseThrow(() -> new IllegalStateException("no monitor " + monitor));
  }

  private void tell(Set<Ownership> owners) {
    listeners.forEach(listener -> owners.forEach(listener::rowsChanged));
  }

  /** A chassis falls silent without an event, and so does northd: look every second. */
  private void keepWatch() {
    try {
      while (!closed.await(1, TimeUnit.SECONDS)) {
        watchOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watchOnce() {
    try {
      reviewChassis();
      if (health().isConnected()) {
        reviewNorthd();
        beat();
      }
    } catch (RuntimeException e) {
      LOG.error("{}: the watch over chassis failed and goes on", endpoint, e);
    }
  }

  /** Tells once when a chassis came, fell silent, came back, or changed its uplinks. */
  private void reviewChassis() {
    List<Chassis> now =
        chassis().stream()
            .map(c -> new Chassis(c.name(), c.hostname(), 0, c.live(), c.physicalNetworks()))
            .toList();
    if (!now.equals(known)) {
      known = now;
      listeners.forEach(FabricListener::chassisChanged);
    }
  }

  /** Tells once when northd fell behind or caught up. */
  private void reviewNorthd() {
    long asked = committed();
    long translated = south.read(r -> ChassisWatch.newest(replica(r, OvnLayout.CHASSIS)));
    Optional<String> now =
        northd.isOver(translated, asked)
            ? Optional.of(
                "ovn-northd has not passed on what was committed (it is at %d of %d): start it"
                    .formatted(translated, asked))
            : Optional.empty();
    if (now.isPresent() != lag.isPresent()) {
      lag = now;
      listeners.forEach(FabricListener::chassisChanged);
    }
  }

  private void beat() {
    if (!pulse.isIdle(committed()) || lag.isPresent() || known.isEmpty()) {
      return;
    }
    try {
      writer.beat();
    } catch (Unavailable e) {
      LOG.debug("{}: no pulse: {}", endpoint, e.getMessage());
    }
  }

  private long committed() {
    return global(row -> Optional.of(row.number("nb_cfg"))).orElse(0L);
  }

  private final class NorthObserver implements OvsdbSession.Observer {
    @Override
    public void changed(String monitor, List<Replica.Change> changes) {
      if (monitor.equals(OvnLayout.NAMES)) {
        names.apply(changes);
        return;
      }
      Set<Ownership> concerned = new HashSet<>(index.apply(changes));
      for (Replica.Change change : changes) {
        if (change.before().isEmpty()) {
          concerned.addAll(Optional.ofNullable(waiting.remove(change.id())).orElseGet(Set::of));
        }
      }
      tell(concerned);
    }

    @Override
    public void connectionChanged(boolean connected) {
      if (connected) {
        global(row -> Optional.of(row.number("nb_cfg"))).ifPresent(progress::begin);
      }
      listeners.forEach(FabricListener::chassisChanged);
    }
  }

  private final class SouthObserver implements OvsdbSession.Observer {
    @Override
    public void changed(String monitor, List<Replica.Change> changes) {
      switch (monitor) {
        case OvnLayout.BINDINGS -> bound(changes);
        case OvnLayout.PROBES -> answered(changes);
        default -> followed(changes);
      }
    }

    private void answered(List<Replica.Change> changes) {
      tell(
          probes.apply(changes).stream()
              .flatMap(port -> Optional.ofNullable(bindings.get(port)).stream())
              .flatMap(row -> OwnerMarker.read(row.get(OvnLayout.MARKER)).stream())
              .collect(Collectors.toSet()));
    }

    private void bound(List<Replica.Change> changes) {
      Set<Ownership> concerned = new HashSet<>();
      for (Replica.Change change : changes) {
        change.before().flatMap(row -> row.text("logical_port")).ifPresent(bindings::remove);
        change
            .after()
            .ifPresent(row -> row.text("logical_port").ifPresent(p -> bindings.put(p, row)));
        change
            .after()
            .or(change::before)
            .flatMap(row -> OwnerMarker.read(row.get(OvnLayout.MARKER)))
            .ifPresent(concerned::add);
      }
      tell(concerned);
    }

    private void followed(List<Replica.Change> changes) {
      reviewChassis();
      long slowest =
          chassis().stream().filter(Chassis::live).mapToLong(Chassis::generation).min().orElse(0);
      changes.stream()
          .filter(change -> change.table().equals("Chassis_Private"))
          .flatMap(change -> change.after().stream())
          .forEach(row -> tell(progress.reached(row.number("nb_cfg"), slowest)));
    }

    @Override
    public void connectionChanged(boolean connected) {
      listeners.forEach(FabricListener::chassisChanged);
    }
  }

  private final class WriterWorld implements OvnWriter.World {
    @Override
    public Set<Row> rows(Ownership owner) {
      return north.read(replicas -> index.rows(owner));
    }

    @Override
    public boolean isOwned(UUID row) {
      return north.read(replicas -> index.contains(row));
    }

    @Override
    public boolean isUnmarked(Row row) {
      return north.read(
          replicas -> replica(replicas, OvnLayout.NAMES).row(row.table(), row.id()).isPresent());
    }

    @Override
    public OvsdbSchema schema() throws OvsdbFailure {
      return north.schema().orElseThrow(() -> new OvsdbFailure.Disconnected(north.trouble()));
    }

    @Override
    public JsonNode transact(List<JsonNode> operations) throws OvsdbFailure {
      return north.transact(operations, LONGEST_TRANSACTION);
    }

    @Override
    public long generation(Ownership owner) {
      return progress.generation(owner);
    }

    @Override
    public void committed(Ownership owner, long generation) {
      progress.committed(owner, generation);
    }

    @Override
    public void withdrawn(Ownership owner) {
      progress.forget(owner);
    }

    @Override
    public void waits(Ownership owner, UUID forRow) {
      north.read(replicas -> {
        OvnFabricTables.this.waits(owner, forRow);
        return forRow;
      });
    }
  }
}
