package dev.kumiko.network.fabric.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.network.fabric.FabricTables;
import dev.kumiko.network.fabric.FabricTablesContract;
import dev.kumiko.network.fabric.ForeignHand;
import dev.kumiko.network.fabric.SegmentShape;
import dev.kumiko.network.fabric.Shapes;
import dev.kumiko.network.fabric.VrfShape;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract, against the lab's OVN. */
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
final class OvnFabricTablesIT extends FabricTablesContract {
  private static OvnFabricTables tables;
  private static OvnHand hand;

  @BeforeAll
  static void connect() throws IOException {
    OvnLab lab = OvnLab.fromEnvironment();
    tables = lab.connect();
    hand = lab.hand();
  }

  @AfterAll
  static void disconnect() {
    tables.close();
    hand.close();
  }

  @Override
  protected FabricTables tables() {
    return tables;
  }

  @Override
  protected ForeignHand foreignHand() {
    return hand;
  }

  @Test
  void saysItsVersion() {
    assertThat(tables.health().version()).hasValueSatisfying(v -> assertThat(v).matches("\\d.*"));
  }

  @Test
  void seesTheUplinksOfTheLabsHosts() {
    assertThat(tables.chassis())
        .isNotEmpty()
        .allSatisfy(c -> assertThat(c.physicalNetworks()).containsExactly("physnet1"));
  }

  @Test
  void whatManyAskAtOnceBecomesFewTransactions() throws Exception {
    List<VrfShape> vrfs =
        IntStream.range(0, 40).mapToObj(i -> Shapes.vrf(UUID.randomUUID().toString())).toList();
    Set<Long> generations = new HashSet<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> asked = vrfs.stream().map(vrf -> callers.submit(() -> make(vrf))).toList();
      for (Future<Long> generation : asked) {
        generations.add(result(generation));
      }
    }
    vrfs.forEach(vrf -> tables.commit(vrf.owner(), Set.of(), Duration.ofSeconds(5)));
    assertThat(generations).hasSizeLessThan(10);
  }

  @Test
  void whatIsRefusedForOneIsCommittedForTheOthers() throws Exception {
    List<VrfShape> vrfs =
        IntStream.range(0, 8).mapToObj(i -> Shapes.vrf(UUID.randomUUID().toString())).toList();
    make(vrfs.getFirst());
    SegmentShape absurd =
        Shapes.segment(UUID.randomUUID().toString(), vrfs.getFirst().owner().uid(), 5000);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Long> refused =
          callers.submit(() ->
              tables.commit(
                  absurd.owner(), tables.rendering().segment(absurd), Duration.ofSeconds(5)));
      List<Future<Long>> asked = vrfs.stream().map(vrf -> callers.submit(() -> make(vrf))).toList();
      assertThat(refused)
          .failsWithin(Duration.ofSeconds(5))
          .withThrowableOfType(ExecutionException.class)
          .withMessageContaining("5000");
      for (Future<Long> generation : asked) {
        assertThat(result(generation)).isPositive();
      }
    }
    assertThat(tables.observe(absurd.owner()).rows()).isEmpty();
    vrfs.forEach(vrf -> tables.commit(vrf.owner(), Set.of(), Duration.ofSeconds(5)));
  }

  private static long make(VrfShape vrf) {
    return tables.commit(vrf.owner(), tables.rendering().vrf(vrf), Duration.ofSeconds(5));
  }

  private static long result(Future<Long> generation) throws InterruptedException {
    try {
      return generation.get();
    } catch (ExecutionException e) {
      throw new AssertionError("a commit failed", e);
    }
  }
}
