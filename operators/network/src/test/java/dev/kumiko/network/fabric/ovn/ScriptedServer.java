package dev.kumiko.network.fabric.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An OVSDB server that says what a test wants, on a port of the loopback. */
final class ScriptedServer implements AutoCloseable {
  private static final String SCHEMA =
      """
      {"version": "1.0", "tables": {"T": {"columns": {
        "name": {"type": "string"},
        "set": {"type": {"key": "string", "min": 0, "max": "unlimited"}}}}}}
      """;

  private final ServerSocket socket;
  private final List<Socket> clients = new CopyOnWriteArrayList<>();
  final List<JsonNode> received = new CopyOnWriteArrayList<>();

  /** Answer to {@code monitor_cond_since}. */
  volatile String monitorAnswer = "[false, \"%s\", {}]".formatted(id(1));

  /** Sent right behind the answer to {@code monitor_cond_since}. */
  volatile String behindMonitor = "";

  /** Whether it is with the others of its cluster. */
  volatile boolean isMember = true;

  volatile boolean answersEcho = true;
  volatile boolean answersTransact = true;

  /** What every transaction fails with. */
  volatile String transactError = "constraint violation";

  ScriptedServer() throws IOException {
    socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::accept);
  }

  static String id(int number) {
    return "00000000-0000-0000-0000-%012d".formatted(number);
  }

  OvsdbAddress address() {
    return new OvsdbAddress.Tcp("localhost", socket.getLocalPort(), false);
  }

  /** Ends all connections, as a server that is restarted. */
  void dropClients() {
    for (Socket client : clients) {
      try {
        client.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    clients.clear();
  }

  /** Sends a notification to all. */
  void send(String message) {
    for (Socket client : clients) {
      write(client, message);
    }
  }

  private void accept() {
    try {
      while (!socket.isClosed()) {
        Socket client = socket.accept();
        clients.add(client);
        Thread.ofPlatform().daemon().start(() -> serve(client));
      }
    } catch (IOException e) {
      clients.clear();
    }
  }

  private void serve(Socket client) {
    try (MappingIterator<JsonNode> messages =
        OvsdbConnection.JSON.readerFor(JsonNode.class).readValues(client.getInputStream())) {
      while (messages.hasNextValue()) {
        JsonNode message = messages.nextValue();
        received.add(message);
        answer(client, message);
      }
    } catch (IOException | UncheckedIOException e) {
      clients.remove(client);
    }
  }

  private void answer(Socket client, JsonNode message) throws IOException {
    switch (message.path("method").asText()) {
      case "get_schema" -> reply(client, message, SCHEMA);
      case "monitor_cond_since" -> {
        reply(client, message, monitorAnswer);
        write(client, behindMonitor);
      }
      case "echo" -> {
        if (answersEcho) {
          reply(client, message, message.path("params").toString());
        }
      }
      case "transact" -> {
        if (message.path("params").path(0).asText().equals("_Server")) {
          reply(client, message, "[{\"rows\": [{\"connected\": %s}]}]".formatted(isMember));
        } else if (answersTransact) {
          reply(
              client,
              message,
              "[{\"error\": \"%s\", \"details\": \"no\"}]".formatted(transactError));
        }
      }
      default -> {}
    }
  }

  private static void reply(Socket client, JsonNode to, String result) throws IOException {
    ObjectNode reply = OvsdbConnection.JSON.createObjectNode();
    reply.set("id", to.path("id"));
    reply.set("result", OvsdbConnection.JSON.readTree(result));
    reply.putNull("error");
    write(client, reply.toString());
  }

  private static synchronized void write(Socket client, String text) {
    try {
      client.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      client.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    dropClients();
  }
}
