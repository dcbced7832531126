package dev.kumiko.compute.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a real power controller does not do on demand, from a scripted one. */
final class RedfishPowerControllerTest {
  private static final String GET = "GET /redfish/v1/Systems/1";
  private static final String RESET = "POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset";
  private static final PowerLogin ACCOUNT = new PowerLogin("root", "right horse");

  private record Reply(int status, String body, Optional<String> location) {}

  private final HttpServer server = server();
  private final HttpServer elsewhere = server();
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final Queue<String> askedElsewhere = new ConcurrentLinkedQueue<>();
  private final PowerController controller = controller("1", Duration.ofSeconds(5));

  RedfishPowerControllerTest() {
    server.createContext("/", this::answer);
    elsewhere.createContext(
        "/",
        exchange -> {
          askedElsewhere.add(exchange.getRequestURI().toString());
          exchange.sendResponseHeaders(204, -1);
        });
    server.start();
    elsewhere.start();
  }

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String url(HttpServer of) {
    return "http://127.0.0.1:" + of.getAddress().getPort();
  }

  private PowerController controller(String system, Duration deadline) {
    PowerAddress address = new PowerAddress("h1", url(server), system, Optional.empty());
    return new RedfishPowerController(
        address, RedfishUrl.loopback(address.url()), ACCOUNT, deadline);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add((request + " " + body).strip());
    Reply reply = replies.getOrDefault(request, new Reply(404, "", Optional.empty()));
    reply.location().ifPresent(to -> exchange.getResponseHeaders().add("Location", to));
    byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void reply(String request, int status, String body) {
    replies.put(request, new Reply(status, body, Optional.empty()));
  }

  @AfterEach
  void stop() {
    controller.close();
    server.stop(0);
    elsewhere.stop(0);
  }

  @Test
  void everythingButOffMayStillRun() {
    for (String word : List.of("On", "PoweringOn", "PoweringOff", "Paused")) {
      reply(GET, 200, "{\"PowerState\": \"" + word + "\"}");
      assertThat(controller.state()).isEqualTo(PowerState.ON);
    }
    reply(GET, 200, "{\"PowerState\": \"Off\"}");
    assertThat(controller.state()).isEqualTo(PowerState.OFF);
  }

  @Test
  void whatIsNotSaidOrNotUnderstoodIsNotRead() {
    for (String body : List.of("{}", "{\"PowerState\": null}", "{\"PowerState\": \"off?\"}", "<")) {
      reply(GET, 200, body);
      try (PowerController fresh = controller("1", Duration.ofSeconds(5))) {
        assertThatThrownBy(fresh::state)
            .isInstanceOf(Unavailable.class)
            .hasMessageContaining("does not say whether 1 has power");
      }
    }
  }

  @Test
  void theMachineIsAlsoSwitchedOffWhenItsStateIsNotSaid() {
    reply(GET, 200, "{}");
    reply(RESET, 204, "");
    controller.off();
    assertThat(asked).containsExactly(GET, RESET + " {\"ResetType\":\"ForceOff\"}");
  }

  @Test
  void theActionIsWhereTheMachineSaysItIs() {
    reply(GET, 200, system("/redfish/v1/Systems/1/Actions/Own.Reset", "On"));
    reply("POST /redfish/v1/Systems/1/Actions/Own.Reset", 202, "");
    controller.off();
    assertThat(asked).last().asString().startsWith("POST /redfish/v1/Systems/1/Actions/Own.Reset");
  }

  @Test
  void anActionElsewhereIsNotCalled() {
    for (String target :
        List.of(
            url(elsewhere) + "/reset",
            url(elsewhere).substring("http:".length()) + "/reset",
            url(server).replace("http://", "http://root@") + "/reset",
            "http://[/reset")) {
      reply(GET, 200, system(target, "On"));
      try (PowerController fresh = controller("1", Duration.ofSeconds(5))) {
        assertThatThrownBy(fresh::off)
            .isInstanceOf(Unavailable.class)
            .hasMessageContaining("names a place elsewhere");
      }
    }
    assertThat(askedElsewhere).isEmpty();
    assertThat(asked).allMatch(GET::equals);
  }

  @Test
  void noRedirectIsFollowed() {
    replies.put(GET, new Reply(307, "", Optional.of(url(elsewhere) + "/redfish/v1/Systems/1")));
    assertThatThrownBy(controller::state)
        .isInstanceOf(Rejection.class)
        .hasMessageContaining("no redirect is followed");
    assertThat(askedElsewhere).isEmpty();
  }

  @Test
  void aRefusalOfAMachineThatIsOffIsSuccess() {
    reply(GET, 200, system("", "Off"));
    reply(RESET, 400, "{}");
    assertThatCode(controller::off).doesNotThrowAnyException();
  }

  @Test
  void aRefusalOfAMachineThatRunsIsToldInThePowerControllersWords() {
    reply(GET, 200, system("", "On"));
    reply(RESET, 409, "{\"error\": {\"message\": \"The machine is being updated.\"}}");
    assertThatThrownBy(controller::off)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("answers 409 to ForceOff of 1: The machine is being updated.");
  }

  @Test
  void anAccountThatMayOnlyReadIsRejected() {
    reply(GET, 200, system("", "On"));
    reply(RESET, 403, "");
    assertThatThrownBy(controller::off)
        .isInstanceOf(Rejection.class)
        .hasMessageContaining("refuses the account")
        .hasMessageNotContaining("horse");
  }

  @Test
  void anIdIsOnePartOfThePathWhateverIsInIt() {
    reply("GET /redfish/v1/Systems/..%2FManagers%2F1%3Fa%23%20b", 200, system("", "Off"));
    try (PowerController odd = controller("../Managers/1?a# b", Duration.ofSeconds(5))) {
      assertThat(odd.state()).isEqualTo(PowerState.OFF);
    }
    try (PowerController up = controller("..", Duration.ofSeconds(5))) {
      assertThatThrownBy(up::state).isInstanceOf(Rejection.class);
    }
  }

  @Test
  void anAnswerWithoutEndIsNotReadToItsEnd() {
    reply(GET, 200, " ".repeat(2 << 20) + system("", "Off"));
    assertThatThrownBy(controller::state).isInstanceOf(Unavailable.class);
  }

  @Test
  void oneThatTakesTooLongIsGivenUp() {
    server.removeContext("/");
    server.createContext("/", exchange -> {});
    try (PowerController hasty = controller("1", Duration.ofMillis(300))) {
      assertThatThrownBy(hasty::state)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("within 300 ms");
    }
  }

  @Test
  void oneThatFailsAgainAndAgainIsNotWaitedForAnyMore() {
    reply(GET, 503, "");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(controller::state).hasMessageContaining("answers 503");
    }
    assertThatThrownBy(controller::state)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("tried again shortly");
    assertThat(asked).hasSize(3);
  }

  @Test
  void nothingIsSentWithoutTls() {
    for (String url :
        List.of(url(server), "https://root@127.0.0.1", "https://", "ftp://127.0.0.1", "a b")) {
      PowerAddress address = new PowerAddress("h1", url, "1", Optional.empty());
      assertThatThrownBy(() -> new RedfishPowerController(address, ACCOUNT))
          .isInstanceOf(Rejection.class);
    }
  }

  @Test
  void certificatesThatAreNoneAreRejected() {
    for (String pem :
        List.of("", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")) {
      PowerAddress address = new PowerAddress("h1", "https://127.0.0.1", "1", Optional.of(pem));
      assertThatThrownBy(() -> new RedfishPowerController(address, ACCOUNT))
          .isInstanceOf(Rejection.class)
          .hasMessageContaining("no certificates");
    }
  }

  private static String system(String target, String state) {
    return target.isEmpty()
        ? "{\"PowerState\": \"%s\"}".formatted(state)
        : "{\"PowerState\": \"%s\", \"Actions\": {\"#ComputerSystem.Reset\": {\"target\": \"%s\"}}}"
            .formatted(state, target);
  }
}
