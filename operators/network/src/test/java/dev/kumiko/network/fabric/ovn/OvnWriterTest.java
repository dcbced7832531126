package dev.kumiko.network.fabric.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.Value;
import dev.kumiko.reconcile.Endpoint;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OvnWriterTest {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final String SCHEMA =
      """
      {"version": "1.0", "tables": {"Logical_Router": {"columns": {"name": {"type": "string"}}}}}
      """;

  private final AWorld world = new AWorld();
  private final Endpoint endpoint = new Endpoint("ovn/main", 1, Duration.ofMillis(300));
  private final OvnWriter writer = new OvnWriter(endpoint, world);

  @AfterEach
  void close() {
    writer.close();
    endpoint.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"syntax error", "constraint violation", "unknown column"})
  void whatIsDeclinedForOneIsCommittedForTheOthers(String error) throws Exception {
    world.error = error;
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Long> bad = callers.submit(() -> commit("bad"));
      List<Future<Long>> good =
          IntStream.range(0, 8).mapToObj(i -> callers.submit(() -> commit("good-" + i))).toList();

      for (Future<Long> one : good) {
        assertThat(one.get()).isPositive();
      }
      assertThat(bad)
          .failsWithin(DEADLINE)
          .withThrowableOfType(ExecutionException.class)
          .withMessageContaining(error);
    }
    assertThat(world.sizes).anyMatch(size -> size > 1);
  }

  @Test
  void aMistakeOfOursInOneIsCommittedForTheOthers() throws Exception {
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Long> bad =
          callers.submit(
              () -> writer.commit(owner("odd"), Set.of(row("odd", "no_such_column")), DEADLINE));
      Future<Long> good = callers.submit(() -> commit("good"));

      assertThat(good.get()).isPositive();
      assertThat(bad).failsWithin(DEADLINE);
    }
  }

  @Test
  void aDatabaseThatDeclinesIsStillAsked() {
    world.error = "syntax error";
    for (int i = 0; i < 8; i++) {
      assertThatThrownBy(() -> commit("bad")).hasMessageContaining("syntax error");
    }
    world.error = "constraint violation";
    assertThatThrownBy(() -> commit("bad")).isInstanceOf(Rejection.class);
    assertThat(commit("good")).isPositive();
  }

  @Test
  void aDatabaseThatFellSilentCostsItsCallersNothingMore() {
    world.isSilent = true;
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> commit("good")).isInstanceOf(Unavailable.class);
    }
    int asked = world.sizes.size();

    assertThatThrownBy(() -> commit("good"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("not asked");
    assertThat(world.sizes).hasSize(asked);
  }

  @Test
  void aPulseMovesTheGenerationAndChangesNoRow() {
    writer.beat();

    assertThat(world.sizes).containsExactly(0);
  }

  private long commit(String name) {
    return writer.commit(owner(name), Set.of(row(name, "name")), DEADLINE);
  }

  private static Ownership owner(String name) {
    return new Ownership("Vrf", "", name, name);
  }

  private static Row row(String name, String column) {
    UUID id = new UUID(7, name.hashCode());
    return Row.root("Logical_Router", id, Map.of(column, Value.text(name)));
  }

  /** A database that takes all rows but those that are called bad. */
  private static final class AWorld implements OvnWriter.World {
    private final Map<Ownership, Set<Row>> rows = new ConcurrentHashMap<>();
    final List<Integer> sizes = new CopyOnWriteArrayList<>();
    volatile String error = "";
    volatile boolean isSilent;

    @Override
    public Set<Row> rows(Ownership owner) {
      return rows.getOrDefault(owner, Set.of());
    }

    @Override
    public boolean isOwned(UUID row) {
      return false;
    }

    @Override
    public boolean isUnmarked(Row row) {
      return false;
    }

    @Override
    public OvsdbSchema schema() {
      try {
        return OvsdbSchema.of(OvsdbConnection.JSON.readTree(SCHEMA));
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public JsonNode transact(List<JsonNode> operations) throws OvsdbFailure {
      sizes.add(operations.size() - 2);
      if (isSilent) {
        throw new OvsdbFailure.TimedOut("no answer");
      }
      List<String> names =
          operations.stream()
              .map(o -> o.path("row").path("name").toString().replaceAll("set|[^a-z0-9-]", ""))
              .toList();
      if (names.contains("bad")) {
        throw error.equals("constraint violation")
            ? new OvsdbFailure.Refused(error)
            : new OvsdbFailure.Failed(error);
      }
      names.stream()
          .filter(name -> !name.isEmpty())
          .forEach(name -> rows.put(owner(name), Set.of(row(name, "name"))));
      return OvsdbConnection.array(
          OvsdbConnection.JSON
              .createObjectNode()
              .set(
                  "rows",
                  OvsdbConnection.array(
                      OvsdbConnection.JSON.createObjectNode().put("nb_cfg", sizes.size()))));
    }

    @Override
    public long generation(Ownership owner) {
      return 0;
    }

    @Override
    public void committed(Ownership owner, long generation) {}

    @Override
    public void withdrawn(Ownership owner) {}

    @Override
    public void waits(Ownership owner, UUID forRow) {}
  }
}
