package dev.kumiko.compute.power;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kumiko.reconcile.Unavailable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Requests to one power controller: JSON over HTTP, as one account of it. */
final class RedfishSession implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(8);
  private static final long MOST_BYTES = 1L << 20;
  private final String endpoint;
  private final URI origin;
  private final String authorization;
  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client;

  /**
   * What came back.
   *
   * @param body missing when it is no JSON
   */
  record Answer(int status, JsonNode body) {
    boolean isSuccess() {
      return status >= 200 && status < 300;
    }
  }

  RedfishSession(String endpoint, URI origin, PowerLogin login, SSLContext trust) {
    this.endpoint = endpoint;
    this.origin = origin;
    byte[] account = (login.username() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
    this.authorization = "Basic " + Base64.getEncoder().encodeToString(account);
    // No redirect and no proxy: the password goes to the power controller only.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(CONNECT)
            .sslContext(trust)
            .build();
  }

  Answer get(URI target) {
    return send(request(target).GET().build());
  }

  Answer post(URI target, JsonNode body) {
    return send(
        request(target)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build());
  }

  /** DSP0266, 7.2: a client says which version of the protocol it expects. */
  private HttpRequest.Builder request(URI target) {
    return HttpRequest.newBuilder(target)
        .timeout(ANSWER)
        .header("Authorization", authorization)
        .header("Accept", "application/json")
        .header("OData-Version", "4.0");
  }

  private Answer send(HttpRequest request) {
    try {
      HttpResponse<byte[]> response =
          client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
      return new Answer(response.statusCode(), parsed(response.body()));
    } catch (SSLException e) {
      throw unavailable(
          "TLS fails (the Host's certificates say who may sign the power controller's): "
              + e.getMessage(),
          e);
    } catch (IOException e) {
      throw unavailable("does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted", e);
    }
  }

  private JsonNode parsed(byte[] body) throws IOException {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  Unavailable unavailable(String what, @Nullable Throwable cause) {
    return new Unavailable(endpoint, origin + " " + what, cause);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
