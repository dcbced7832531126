package dev.kumiko.network.fabric.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lasting relation to one database: connects, monitors, keeps the replicas, notices silence, and
 * begins again after a pause that grows and varies. Several addresses are tried in turn.
 */
final class OvsdbSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OvsdbSession.class);

  /** The errors that another try cannot mend (RFC 7047, sections 3.1, 4.1.3 and 5.2). */
  private static final Set<String> FAULTS_OF_ROWS =
      Set.of(
          "constraint violation", "referential integrity violation", "domain error", "range error");

  private static final String NO_TRANSACTION = "00000000-0000-0000-0000-000000000000";

  /** How long things may take. */
  record Patience(Duration connect, Duration call, Duration silence, Duration longestPause) {
    static final Patience USUAL =
        new Patience(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(8));
  }

  /** Told what changed; called with the replicas' lock held, so it MUST return at once. */
  interface Observer {
    void changed(String monitor, List<Replica.Change> changes);

    void connectionChanged(boolean connected);
  }

  /** Which database, and where it may be. */
  record Target(String database, List<OvsdbAddress> addresses, Optional<SSLContext> tls) {}

  /** A connection whose replicas are complete. */
  private record Live(OvsdbConnection connection, OvsdbAddress address, OvsdbSchema schema) {}

  private final String database;
  private final List<OvsdbAddress> addresses;
  private final Optional<SSLContext> tls;
  private final List<Monitored> monitors;
  private final Observer observer;
  private final Patience patience;
  private final Map<String, Replica> replicas = new HashMap<>();
  private final Map<String, String> lastTransactions = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** The only connection that is listened to; guarded by the lock. */
  private Optional<OvsdbConnection> speaker = Optional.empty();

  private volatile Optional<Live> live = Optional.empty();
  private volatile String trouble = "not connected yet";

  OvsdbSession(Target target, List<Monitored> monitors, Observer observer, Patience patience) {
    this.database = target.database();
    this.addresses = List.copyOf(target.addresses());
    this.tls = target.tls();
    this.patience = patience;
    this.monitors = List.copyOf(monitors);
    this.observer = observer;
    monitors.forEach(monitor -> replicas.put(monitor.id(), new Replica()));
  }

  void start() {
    Thread.ofPlatform().daemon().name("ovsdb session " + database).start(this::run);
  }

  /** Reads replicas, which stand still meanwhile. */
  <T> T read(Function<Map<String, Replica>, T> reading) {
    lock.lock();
    try {
      return reading.apply(replicas);
    } finally {
      lock.unlock();
    }
  }

  /** The address in use; empty while the replicas are not complete. */
  Optional<OvsdbAddress> address() {
    return live.filter(l -> l.connection().isOpen()).map(Live::address);
  }

  Optional<OvsdbSchema> schema() {
    return live.filter(l -> l.connection().isOpen()).map(Live::schema);
  }

  /** Why there is no connection. */
  String trouble() {
    return trouble;
  }

  /** Commits operations; the replicas show their effect when this returns. */
  JsonNode transact(List<JsonNode> operations, Duration deadline) throws OvsdbFailure {
    Live to = live.orElseThrow(() -> new OvsdbFailure.Disconnected(database + ": " + trouble()));
    JsonNode result =
        to.connection()
            .call("transact", OvsdbConnection.array(database).addAll(operations), deadline);
    for (JsonNode outcome : result) {
      if (outcome.has("error")) {
        throw failure(outcome.get("error").asText(), outcome.path("details").asText());
      }
    }
    return result;
  }

  private static OvsdbFailure failure(String error, String details) {
    String message = error + ": " + details;
    return FAULTS_OF_ROWS.contains(error)
        ? new OvsdbFailure.Refused(message)
        : new OvsdbFailure.Failed(message);
  }

  private void run() {
    int failures = 0;
    int turn = 0;
    while (!isClosed()) {
      OvsdbAddress address = addresses.get(turn++ % addresses.size());
      try (OvsdbConnection connection =
          OvsdbConnection.open(address, tls, patience.connect(), this::received)) {
        establish(connection, address);
        failures = 0;
        watch(connection);
      } catch (IOException | RuntimeException e) {
        trouble = address + ": " + e.getMessage();
        failures++;
      } catch (InterruptedException e) {
        closed.countDown();
        Thread.currentThread().interrupt();
      }
      lost(address);
      pause(failures);
    }
  }

  private void establish(OvsdbConnection connection, OvsdbAddress address) throws IOException {
    listenTo(Optional.of(connection));
    requireMember(connection);
    OvsdbSchema schema =
        OvsdbSchema.of(
            connection.call("get_schema", OvsdbConnection.array(database), patience.call()));
    for (Monitored monitor : monitors) {
      String since = lastTransactions.getOrDefault(monitor.id(), NO_TRANSACTION);
      connection.call(
          "monitor_cond_since",
          OvsdbConnection.array(database, monitor.id(), monitor.requests(), since),
          patience.call(),
          answer -> loaded(connection, monitor, schema, answer));
    }
    lock.lock();
    try {
      live = Optional.of(new Live(connection, address, schema));
      observer.connectionChanged(true);
    } finally {
      lock.unlock();
    }
    LOG.info("{} connected at {}, schema {}", database, address, schema.version());
  }

  private void listenTo(Optional<OvsdbConnection> connection) {
    lock.lock();
    try {
      speaker = connection;
    } finally {
      lock.unlock();
    }
  }

  private void loaded(
      OvsdbConnection from, Monitored monitor, OvsdbSchema schema, JsonNode answer) {
    lock.lock();
    try {
      if (!speaker.equals(Optional.of(from))) {
        return;
      }
      Replica replica = replica(monitor.id());
      boolean resumed = answer.path(0).asBoolean();
      List<Replica.Change> changes =
          resumed ? replica.apply(answer.path(2)) : replica.load(schema, answer.path(2));
      lastTransactions.put(monitor.id(), answer.path(1).asText());
      observer.changed(monitor.id(), changes);
    } finally {
      lock.unlock();
    }
  }

  /** What a connection still says after it was left is not heard. */
  void received(OvsdbConnection from, String method, JsonNode params) {
    if (!method.equals("update3") && !method.equals("update2")) {
      return;
    }
    boolean numbered = method.equals("update3");
    String monitor = params.path(0).asText();
    lock.lock();
    try {
      if (!speaker.equals(Optional.of(from))) {
        return;
      }
      if (numbered) {
        lastTransactions.put(monitor, params.path(1).asText());
      }
      observer.changed(monitor, replica(monitor).apply(params.path(numbered ? 2 : 1)));
    } finally {
      lock.unlock();
    }
  }

  private Replica replica(String monitor) {
    return Optional.ofNullable(replicas.get(monitor))
        .orElseThrow(() -> new IllegalStateException("unknown monitor " + monitor));
  }

  private void watch(OvsdbConnection connection) throws IOException, InterruptedException {
    while (!connection.endsWithin(patience.silence())) {
      connection.call("echo", OvsdbConnection.array("kumiko"), patience.silence());
      requireMember(connection);
    }
    throw new OvsdbFailure.Disconnected("the connection ended");
  }

  /**
   * A member of a cluster that lost its leader answers with what it knew last, for as long as one
   * asks: the server's own database tells (ovsdb-server(7), "_Server Database").
   */
  private void requireMember(OvsdbConnection connection) throws OvsdbFailure {
    ObjectNode select = OvsdbConnection.JSON.createObjectNode().put("op", "select");
    select.put("table", "Database");
    select.set("where", OvsdbConnection.array(OvsdbConnection.array("name", "==", database)));
    select.set("columns", OvsdbConnection.array("connected"));
    JsonNode rows =
        connection
            .call("transact", OvsdbConnection.array("_Server", select), patience.call())
            .path(0)
            .path("rows");
    if (!rows.path(0).path("connected").asBoolean(true)) {
      throw new OvsdbFailure.Disconnected("this server has lost its cluster");
    }
  }

  private void lost(OvsdbAddress address) {
    lock.lock();
    try {
      boolean was = live.isPresent();
      live = Optional.empty();
      speaker = Optional.empty();
      if (was) {
        observer.connectionChanged(false);
        if (!isClosed()) {
          LOG.warn("{} lost at {}: {}", database, address, trouble);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Full jitter: a random part of a pause that doubles with each failure in a row. */
  private void pause(int failures) {
    long longest = patience.longestPause().toMillis();
    long millis = Math.min(longest, 100L << Math.min(failures, 10));
    try {
      closed.await(50 + ThreadLocalRandom.current().nextLong(millis), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      closed.countDown();
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public void close() {
    closed.countDown();
    live.ifPresent(l -> l.connection().close());
  }
}
