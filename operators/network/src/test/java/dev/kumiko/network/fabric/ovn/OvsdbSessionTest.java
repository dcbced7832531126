package dev.kumiko.network.fabric.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kumiko.network.fabric.Value;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OvsdbSessionTest {
  private static final UUID ROW = UUID.fromString(ScriptedServer.id(7));
  private static final Duration DEADLINE = Duration.ofSeconds(3);
  private static final OvsdbSession.Patience SHORT =
      new OvsdbSession.Patience(
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofMillis(150),
          Duration.ofMillis(50));

  private final List<Boolean> connections = new CopyOnWriteArrayList<>();
  private ScriptedServer server;
  private OvsdbSession session;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer();
    session = session(List.of(server.address()));
  }

  private OvsdbSession session(List<OvsdbAddress> addresses) {
    return new OvsdbSession(
        new OvsdbSession.Target("DB", addresses, Optional.empty()),
        List.of(
            new Monitored(
                "m", new TreeMap<>(Map.of("T", List.of("name", "set"))), Optional.empty())),
        new OvsdbSession.Observer() {
          @Override
          public void changed(String monitor, List<Replica.Change> changes) {}

          @Override
          public void connectionChanged(boolean connected) {
            connections.add(connected);
          }
        },
        SHORT);
  }

  @AfterEach
  void stop() throws IOException {
    session.close();
    server.close();
  }

  @Test
  void anUpdateRightBehindTheFirstAnswerIsNotLost() {
    server.monitorAnswer = rows("one");
    server.behindMonitor = update("{\"modify\": {\"name\": \"two\"}}");

    session.start();

    await().until(() -> name().equals("two"));
  }

  @Test
  void connectsAgainWhenTheServerEndsTheConnection() {
    server.monitorAnswer = rows("one");
    session.start();
    await().until(() -> session.address().isPresent());

    server.monitorAnswer = rows("two");
    server.dropClients();

    await().until(() -> connections.equals(List.of(true, false, true)));
    assertThat(name()).isEqualTo("two");
  }

  @Test
  void goesOnWhereItStoodWhenTheServerKnowsTheLastTransaction() {
    server.monitorAnswer = rows("one");
    session.start();
    await().until(() -> session.address().isPresent());
    server.send(update("{\"modify\": {\"set\": [\"set\", [\"a\", \"b\"]]}}"));
    await().until(() -> row().map(r -> !r.get("set").isEmpty()).orElse(false));

    server.monitorAnswer =
        "[true, \"%s\", {\"T\": {\"%s\": {\"modify\": {\"set\": \"b\"}}}}]"
            .formatted(ScriptedServer.id(9), ROW);
    server.dropClients();

    await().until(() -> connections.size() == 3);
    assertThat(row().map(r -> r.get("set"))).hasValue(Value.texts("a"));
    JsonNode asked =
        server.received.stream()
            .filter(m -> m.path("method").asText().equals("monitor_cond_since"))
            .toList()
            .getLast();
    assertThat(asked.path("params").path(3).asText()).isEqualTo(ScriptedServer.id(8));
  }

  @Test
  void aServerThatFallsSilentIsLeft() {
    session.start();
    await().until(() -> session.address().isPresent());

    server.answersEcho = false;

    await().until(() -> connections.contains(false));
    assertThat(session.trouble()).contains("echo").contains("no answer");
  }

  @Test
  void triesTheNextAddressWhenOneIsDead() {
    session.close();
    session = session(List.of(new OvsdbAddress.Tcp("localhost", 1, false), server.address()));

    session.start();

    await().until(() -> session.address().equals(Optional.of(server.address())));
  }

  @Test
  void aServerThatLostItsClusterIsLeftForTheNext() throws IOException {
    session.close();
    try (ScriptedServer other = new ScriptedServer()) {
      session = session(List.of(server.address(), other.address()));
      session.start();
      await().until(() -> session.address().equals(Optional.of(server.address())));

      server.isMember = false;

      await().until(() -> session.address().equals(Optional.of(other.address())));
      other.isMember = false;
      await().until(() -> session.address().isEmpty());
      assertThat(session.trouble()).contains("has lost its cluster");
    }
  }

  @Test
  void saysWhyItIsNotConnected() {
    session.close();
    session = session(List.of(new OvsdbAddress.Tcp("localhost", 1, false)));
    session.start();

    await().until(() -> session.trouble().contains("tcp:localhost:1: Connection refused"));
    assertThatThrownBy(() -> session.transact(List.of(), DEADLINE))
        .isInstanceOf(OvsdbFailure.Disconnected.class);
  }

  @Test
  void anOperationThatIsRefusedSaysWhy() {
    session.start();
    await().until(() -> session.address().isPresent());

    assertThatThrownBy(() -> session.transact(List.of(), DEADLINE))
        .isInstanceOf(OvsdbFailure.Refused.class)
        .hasMessage("constraint violation: no");
  }

  @ParameterizedTest
  @ValueSource(strings = {"I/O error", "timed out", "resources exhausted", "aborted", "not owner"})
  void anErrorThatIsNotAboutTheRowsMayPass(String error) {
    session.start();
    await().until(() -> session.address().isPresent());
    server.transactError = error;

    assertThatThrownBy(() -> session.transact(List.of(), DEADLINE))
        .isInstanceOf(OvsdbFailure.Failed.class)
        .hasMessage(error + ": no");
  }

  @Test
  void aConnectionThatWasLeftIsNotHeard() throws IOException {
    server.monitorAnswer = rows("one");
    session.start();
    await().until(() -> session.address().isPresent());
    JsonNode late = OvsdbConnection.JSON.readTree(update("{\"modify\": {\"name\": \"two\"}}"));

    try (OvsdbConnection left =
        OvsdbConnection.open(
            server.address(), Optional.empty(), DEADLINE, (from, method, params) -> {})) {
      session.received(left, "update3", late.path("params"));
    }

    assertThat(name()).isEqualTo("one");
  }

  @Test
  void aCallWithoutAnswerEndsAtItsDeadline() {
    session.start();
    await().until(() -> session.address().isPresent());
    server.answersTransact = false;

    assertThatThrownBy(() -> session.transact(List.of(), Duration.ofMillis(60)))
        .isInstanceOf(OvsdbFailure.TimedOut.class)
        .hasMessageContaining("60 ms");
  }

  @Test
  void aCallInFlightEndsWithItsConnection() {
    session.start();
    await().until(() -> session.address().isPresent());
    server.answersTransact = false;
    Thread.ofVirtual()
        .start(() -> {
          await().until(() -> server.received.toString().contains("transact"));
          server.dropClients();
        });

    assertThatThrownBy(() -> session.transact(List.of(), DEADLINE))
        .isInstanceOf(OvsdbFailure.Disconnected.class);
  }

  private static String rows(String name) {
    return "[false, \"%s\", {\"T\": {\"%s\": {\"initial\": {\"name\": \"%s\"}}}}]"
        .formatted(ScriptedServer.id(1), ROW, name);
  }

  private static String update(String change) {
    return "{\"method\": \"update3\", \"id\": null, \"params\": [\"m\", \"%s\", {\"T\": {\"%s\": %s}}]}"
        .formatted(ScriptedServer.id(8), ROW, change);
  }

  private Optional<Replica.Columns> row() {
    return session.read(replicas ->
        Optional.ofNullable(replicas.get("m")).flatMap(replica -> replica.row("T", ROW)));
  }

  private String name() {
    return row().flatMap(columns -> columns.text("name")).orElse("");
  }
}
