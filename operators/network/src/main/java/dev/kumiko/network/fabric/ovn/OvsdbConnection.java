package dev.kumiko.network.fabric.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One JSON-RPC connection to an OVSDB server (RFC 7047, section 4). Notifications are delivered by
 * the reader's thread, and always before the reply to a call that caused them.
 */
final class OvsdbConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OvsdbConnection.class);
  static final ObjectMapper JSON = new ObjectMapper();

  /** Receives what the server sends by itself. */
  @FunctionalInterface
  interface Notifications {
    void received(OvsdbConnection from, String method, JsonNode params);
  }

  private record Call(CompletableFuture<JsonNode> answer, Consumer<JsonNode> inOrder) {
    void answered(JsonNode message) {
      if (!message.hasNonNull("error")) {
        inOrder.accept(message.path("result"));
      }
      answer.complete(message);
    }
  }

  private final OvsdbAddress address;
  private final OvsdbStream stream;
  private final Notifications notifications;
  private final Map<Long, Call> pending = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ReentrantLock writing = new ReentrantLock();

  private OvsdbConnection(OvsdbAddress address, OvsdbStream stream, Notifications notifications) {
    this.address = address;
    this.stream = stream;
    this.notifications = notifications;
  }

  static OvsdbConnection open(
      OvsdbAddress address, Optional<SSLContext> tls, Duration timeout, Notifications notifications)
      throws IOException {
    OvsdbConnection connection =
        new OvsdbConnection(address, OvsdbStream.open(address, tls, timeout), notifications);
    Thread.ofPlatform().daemon().name("ovsdb " + address).start(connection::read);
    return connection;
  }

  boolean isOpen() {
    return ended.getCount() > 0;
  }

  /** Waits for the connection's end, and says whether it came in time. */
  boolean endsWithin(Duration time) throws InterruptedException {
    return ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Asks and waits for the result. */
  JsonNode call(String method, JsonNode params, Duration deadline) throws OvsdbFailure {
    return call(method, params, deadline, result -> {});
  }

  /**
   * Asks and waits for the result.
   *
   * @param inOrder receives the result on the reader's thread, before any later notification
   */
  JsonNode call(String method, JsonNode params, Duration deadline, Consumer<JsonNode> inOrder)
      throws OvsdbFailure {
    long id = lastId.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    pending.put(id, new Call(answer, inOrder));
    try {
      write(JSON.createObjectNode().put("method", method).put("id", id).set("params", params));
      JsonNode reply = answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
      if (reply.hasNonNull("error")) {
        throw new OvsdbFailure.Failed(method + " at " + address + ": " + reply.get("error"));
      }
      return reply.path("result");
    } catch (TimeoutException e) {
      throw new OvsdbFailure.TimedOut(
          method + " at " + address + " had no answer in " + deadline.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw new OvsdbFailure.Disconnected("connection to " + address + " ended: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OvsdbFailure.Disconnected(method + " at " + address + " was interrupted");
    } finally {
      pending.remove(id);
    }
  }

  private void write(JsonNode message) throws OvsdbFailure {
    writing.lock();
    try {
      if (!isOpen()) {
        throw new OvsdbFailure.Disconnected("connection to " + address + " is closed");
      }
      OutputStream out = stream.output();
      out.write(JSON.writeValueAsBytes(message));
      out.flush();
    } catch (OvsdbFailure e) {
      throw e;
    } catch (IOException e) {
      end(e);
      throw new OvsdbFailure.Disconnected("cannot write to " + address + ": " + e.getMessage());
    } finally {
      writing.unlock();
    }
  }

  private void read() {
    try (MappingIterator<JsonNode> messages =
        JSON.readerFor(JsonNode.class).readValues(stream.input())) {
      while (messages.hasNextValue()) {
        dispatch(messages.nextValue());
      }
      end(new IOException("the server closed it"));
    } catch (IOException | RuntimeException e) {
      end(e);
    }
  }

  private void dispatch(JsonNode message) throws IOException {
    String method = message.path("method").asText();
    JsonNode id = message.path("id");
    if (method.equals("echo")) {
      ObjectNode reply = JSON.createObjectNode();
      reply.set("result", message.path("params"));
      reply.putNull("error");
      reply.set("id", id);
      write(reply);
    } else if (!method.isEmpty()) {
      notifications.received(this, method, message.path("params"));
    } else {
      Optional.ofNullable(pending.get(id.asLong())).ifPresent(call -> call.answered(message));
    }
  }

  private void end(Exception cause) {
    LOG.debug("connection to {} ended: {}", address, cause.getMessage());
    ended.countDown();
    stream.close();
    pending.values().forEach(call -> call.answer().completeExceptionally(cause));
  }

  @Override
  public void close() {
    end(new IOException("it was closed here"));
  }

  static ArrayNode array(Object... elements) {
    ArrayNode array = JSON.createArrayNode();
    for (Object element : elements) {
      array.add(element instanceof JsonNode node ? node : JSON.valueToTree(element));
    }
    return array;
  }
}
