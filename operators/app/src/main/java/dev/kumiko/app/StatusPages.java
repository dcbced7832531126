package dev.kumiko.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** {@code /healthz}, {@code /readyz} and {@code /metrics}. */
final class StatusPages implements AutoCloseable {
  /** Of the JDK's server, which reads it once: seconds until a request must be there in full. */
  private static final String REQUEST_LIMIT = "sun.net.httpserver.maxReqTime";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param ready whether all watched types are there
   * @param metrics in Prometheus' text format
   */
  StatusPages(InetSocketAddress address, BooleanSupplier ready, Supplier<String> metrics)
      throws IOException {
    System.setProperty(REQUEST_LIMIT, "5");
    server = HttpServer.create(address, 0);
    server.setExecutor(threads);
    server.createContext("/healthz", exchange -> answer(exchange, true, "ok"));
    server.createContext(
        "/readyz",
        exchange -> {
          boolean isReady = ready.getAsBoolean();
          answer(exchange, isReady, isReady ? "ok" : "waiting for the Kubernetes API");
        });
    server.createContext("/metrics", exchange -> answer(exchange, true, metrics.get()));
  }

  void start() {
    server.start();
  }

  /** The port that was bound. */
  int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, boolean fine, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
      exchange.sendResponseHeaders(
          fine ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE, bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
