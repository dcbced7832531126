package dev.kumiko.compute.power;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kumiko.compute.power.RedfishSession.Answer;
import dev.kumiko.reconcile.Endpoint;
import dev.kumiko.reconcile.Rejection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A power controller that speaks Redfish.
 *
 * <p>Resources and actions are those of ComputerSystem in the Redfish Schema Supplement (DMTF
 * DSP0268).
 */
public final class RedfishPowerController implements PowerController {
  /** Shorter than the leader's lease: what comes later may come from an old leader. */
  private static final Duration DEADLINE = Duration.ofSeconds(12);

  private static final String RESET = "#ComputerSystem.Reset";
  private static final String OFF = "Off";
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  /** Paused is a machine whose memory lives. */
  private static final Set<String> MAY_RUN = Set.of("On", "PoweringOn", "PoweringOff", "Paused");

  private final PowerAddress address;
  private final RedfishUrl url;
  private final Endpoint endpoint;
  private final RedfishSession session;

  /** MAY throw {@link Rejection}: address or certificates are none. Asks nothing. */
  public RedfishPowerController(PowerAddress address, PowerLogin login) {
    this(address, RedfishUrl.https(address.url()), login, DEADLINE);
  }

  RedfishPowerController(
      PowerAddress address, RedfishUrl url, PowerLogin login, Duration deadline) {
    String name = "redfish/" + address.host();
    this.address = address;
    this.url = url;
    this.session = new RedfishSession(name, url.origin(), login, RedfishTrust.of(address));
    this.endpoint = new Endpoint(name, 1, deadline);
  }

  @Override
  public PowerState state() {
    return endpoint.call("the power's state", () -> state(system()));
  }

  @Override
  public void off() {
    endpoint.call("switching off", this::forceOff);
  }

  /** Some refuse to switch off what is off, so a refusal is looked into. */
  private PowerState forceOff() {
    Answer answer =
        session.post(
            reset(system()), JsonNodeFactory.instance.objectNode().put("ResetType", "ForceOff"));
    if (answer.status() == UNAUTHORIZED || answer.status() == FORBIDDEN) {
      throw accountRefused();
    }
    if (answer.isSuccess() || OFF.equals(system().path("PowerState").asText())) {
      return PowerState.OFF;
    }
    throw session.unavailable(
        "answers " + answer.status() + " to ForceOff of " + address.system() + detail(answer),
        null);
  }

  private JsonNode system() {
    Answer answer = session.get(url.system(address.system()));
    return switch (answer.status()) {
      case 200 -> answer.body();
      case UNAUTHORIZED, FORBIDDEN -> throw accountRefused();
      case 404 ->
          throw rejection(
              "knows no machine "
                  + address.system()
                  + ": give its id as /redfish/v1/Systems lists it");
      case 301, 302, 303, 307, 308 ->
          throw rejection(
              "has machine "
                  + address.system()
                  + " elsewhere, and no redirect is followed: give the url and the id that it"
                  + " redirects to");
      default ->
          throw session.unavailable(
              "answers " + answer.status() + " about machine " + address.system() + detail(answer),
              null);
    };
  }

  private PowerState state(JsonNode system) {
    String word = system.path("PowerState").asText();
    if (OFF.equals(word)) {
      return PowerState.OFF;
    }
    if (MAY_RUN.contains(word)) {
      return PowerState.ON;
    }
    throw session.unavailable("does not say whether " + address.system() + " has power", null);
  }

  private URI reset(JsonNode system) {
    String said = system.path("Actions").path(RESET).path("target").asText();
    String target =
        said.isEmpty()
            ? url.system(address.system()).getRawPath() + "/Actions/ComputerSystem.Reset"
            : said;
    return url.reference(target)
        .orElseThrow(() ->
            session.unavailable("names a place elsewhere for its action Reset: " + said, null));
  }

  /** DSP0266, 8.6: what went wrong, in the power controller's words. */
  private static String detail(Answer answer) {
    return Optional.of(answer.body().path("error").path("message").asText())
        .filter(said -> !said.isEmpty())
        .map(said -> ": " + said.substring(0, Math.min(said.length(), 200)))
        .orElse("");
  }

  private Rejection accountRefused() {
    return rejection(
        "refuses the account: correct username and password in the Secret of the Host's fencing,"
            + " or let the account switch the power");
  }

  private Rejection rejection(String what) {
    return new Rejection("PowerOffFailed", url.origin() + " " + what);
  }

  @Override
  public void close() {
    endpoint.close();
    session.close();
  }
}
