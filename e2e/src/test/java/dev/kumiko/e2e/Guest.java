package dev.kumiko.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/** A running guest, reached from a bare-metal neighbour on its network's VLAN. */
final class Guest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private final String tenant;
  private final String name;
  private final String network;
  private final String address;
  private final Shell shell = Lab.shell();
  private String neighbour;

  Guest(VirtualMachine machine) {
    this(machine, "");
  }

  /**
   * A guest that is asked from a neighbour that is there already.
   *
   * @param neighbour as {@link #neighbour} of a guest on the same network said
   */
  Guest(VirtualMachine machine, String neighbour) {
    this.neighbour = neighbour;
    this.tenant = machine.getMetadata().getNamespace();
    this.name = machine.getMetadata().getName();
    this.network = machine.getSpec().interfaces().getFirst().network();
    this.address = machine.observed().addresses().getFirst();
  }

  String name() {
    return name;
  }

  String tenant() {
    return tenant;
  }

  String network() {
    return network;
  }

  String address() {
    return address;
  }

  /**
   * Network namespace of the neighbour; asked for once, so that it is known while the API is down.
   */
  String neighbour() {
    if (neighbour.isEmpty()) {
      neighbour = Lab.run("probe", tenant, network).strip();
    }
    return neighbour;
  }

  /** Number of its last record (e2e/guest/witness.sh); 0 before the first one of a boot. */
  long written() {
    return status(10).orElseThrow().path("seq").asLong();
  }

  /** What the guest says of itself over HTTP; empty when it does not answer within the seconds. */
  Optional<JsonNode> status(int seconds) {
    String namespace = neighbour();
    Shell.Answer answer =
        shell.ask(
            PATIENCE,
            "",
            "ip",
            "netns",
            "exec",
            namespace,
            "curl",
            "-s",
            "-m",
            Integer.toString(seconds),
            "http://" + address + "/cgi-bin/status");
    try {
      return answer.ok() ? Optional.of(JSON.readTree(answer.output())) : Optional.empty();
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether one ping comes back within a second. */
  boolean answersPing() {
    String namespace = neighbour();
    return shell
        .ask(PATIENCE, "", "ip", "netns", "exec", namespace, "ping", "-c", "1", "-W", "1", address)
        .ok();
  }

  /** Boots that the guest's own disk has counted. */
  int boots() {
    return status(10)
        .orElseThrow(() -> new AssertionError(name + " does not answer on " + address))
        .path("boots")
        .asInt();
  }

  /** Runs a command in the guest by ssh, with the key that cloud-init gave it. */
  Shell.Answer ssh(String command) {
    return Lab.ask(Duration.ofSeconds(40), "ssh", name, "-n", tenant, command);
  }

  /** Whether the guest gets an HTTP answer from another one. */
  boolean reaches(Guest other) {
    String output =
        ssh("timeout 4 wget -q -O - http://" + other.address + "/cgi-bin/status; echo asked")
            .output();
    if (!output.contains("asked")) {
      throw new AssertionError(name + " cannot be asked: " + output);
    }
    return output.contains("\"hostname\":\"" + other.name);
  }
}
