package dev.kumiko.storage.ceph;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** The commands for the monitors, and how to read their answers. */
final class Monitors {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Ceph 16 keeps the first expiry of an address when it is added again, so it cannot be renewed:
   * one that ends soon goes first.
   */
  private static final Duration BLOCKED_FOR = Duration.ofDays(3650);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss[.SSSSSS]XX");

  private final CephSession session;

  Monitors(CephSession session) {
    this.session = session;
  }

  PoolFacts facts(String pool) {
    JsonNode stats = statsOf(pool, run("read the pool's use", command("df")));
    JsonNode health = run("read the cluster's health", command("health"));
    List<String> warnings = new ArrayList<>();
    health
        .path("checks")
        .properties()
        .forEach(check ->
            warnings.add(
                check.getKey() + ": " + check.getValue().path("summary").path("message").asText()));
    return new PoolFacts(
        session.fsid(),
        stats.path("bytes_used").asLong(),
        stats.path("max_avail").asLong(),
        healthOf(health.path("status").asText()),
        warnings);
  }

  List<BlockedAddress> blocklist() {
    List<BlockedAddress> entries = new ArrayList<>();
    for (JsonNode entry : run("read the blocklist", blocklist("ls"))) {
      entries.add(
          new BlockedAddress(
              entry.path("addr").asText(),
              TIME.parse(entry.path("until").asText(), Instant::from)));
    }
    return entries;
  }

  void block(String address) {
    if (blocklist().stream().anyMatch(entry -> entry.isOf(address) && !entry.lasts())) {
      unblock(address);
    }
    ObjectNode command = blocklist("add").put("addr", address);
    command.put("expire", (double) BLOCKED_FOR.toSeconds());
    orThrow("block " + address, send(command));
  }

  void unblock(String address) {
    orThrow("unblock " + address, send(blocklist("rm").put("addr", address)));
  }

  /** An address that Ceph cannot parse: refused as invalid if permitted, else as not permitted. */
  boolean mayBlock() {
    return permitted(send(blocklist("add").put("addr", "no-address:0/1")));
  }

  boolean mayBlockHosts() {
    return permitted(send(blocklist("add").put("addr", "no-address")));
  }

  boolean mayUnblock() {
    return permitted(send(blocklist("rm").put("addr", "no-address:0/1")));
  }

  boolean mayReadUse() {
    return permitted(send(command("df")));
  }

  private boolean permitted(CephSession.Reply reply) {
    return session.failures().isPermitted(reply.returnCode(), reply.status());
  }

  private JsonNode run(String operation, ObjectNode command) {
    try {
      return JSON.readTree(orThrow(operation, send(command)));
    } catch (JsonProcessingException e) {
      throw new CephException(CephException.Reason.FAILED, operation + ": the answer is not JSON");
    }
  }

  private String orThrow(String operation, CephSession.Reply reply) {
    return reply.orThrow(operation, session.failures());
  }

  private CephSession.Reply send(ObjectNode command) {
    return session.monitor(command.toString());
  }

  private static ObjectNode command(String prefix) {
    return JSON.createObjectNode().put("prefix", prefix).put("format", "json");
  }

  private static ObjectNode blocklist(String operation) {
    ObjectNode command = command("ls".equals(operation) ? "osd blocklist ls" : "osd blocklist");
    return "ls".equals(operation) ? command : command.put("blocklistop", operation);
  }

  private static JsonNode statsOf(String pool, JsonNode use) {
    for (JsonNode candidate : use.path("pools")) {
      if (candidate.path("name").asText().equals(pool)) {
        return candidate.path("stats");
      }
    }
    throw new CephException(CephException.Reason.MISSING, "pool " + pool + ": not found");
  }

  private static PoolFacts.Health healthOf(String status) {
    return switch (status) {
      case "HEALTH_OK" -> PoolFacts.Health.OK;
      case "HEALTH_WARN" -> PoolFacts.Health.WARN;
      default -> PoolFacts.Health.ERROR;
    };
  }
}
