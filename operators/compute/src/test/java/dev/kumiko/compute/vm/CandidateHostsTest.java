package dev.kumiko.compute.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.compute.placement.Amount;
import dev.kumiko.compute.placement.Decision;
import dev.kumiko.compute.placement.Demand;
import dev.kumiko.compute.placement.Fleet;
import dev.kumiko.compute.placement.Placement;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Identity;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class CandidateHostsTest {
  /** All that a host of the world has, so that one guest fills it. */
  private static final Demand WHOLE_HOST = Demand.of(new Amount(8, 1 << 20), Map.of());

  private final World world = new World();
  private final CandidateHosts candidates = new CandidateHosts(world.cluster, world.hosts, 0);
  private final List<String> written = new ArrayList<>();

  private void reserve(String name, String host, Runnable whileWriting) {
    candidates.reserve(
        identity(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))),
        WHOLE_HOST,
        host,
        () -> {
          whileWriting.run();
          written.add(name + " on " + host);
        });
  }

  private static Identity identity(UUID uid) {
    return new Identity(World.TENANT, "web", uid);
  }

  private Fleet fleet() {
    return candidates.fleet(identity(new UUID(0, 0)), WHOLE_HOST);
  }

  @Test
  void aPlaceThatIsBeingWrittenIsTakenForEverybodyElse() {
    reserve(
        "first",
        "h1",
        () -> {
          assertThatThrownBy(() -> reserve("second", "h1", () -> {}))
              .isInstanceOf(Conflict.class)
              .hasMessageContaining("h1");
          reserve("third", "h2", () -> {});
        });
    assertThat(written).containsExactly("third on h2", "first on h1");
  }

  @Test
  void aPlaceWhoseWriteFailedIsFreeAgain() {
    assertThatThrownBy(() ->
            reserve(
                "first",
                "h1",
                () -> {
                  throw new Conflict("somebody wrote the machine");
                }))
        .isInstanceOf(Conflict.class);
    assertThat(Placement.place(WHOLE_HOST, fleet())).isEqualTo(new Decision.Chosen("h1"));
  }

  @Test
  void aPlaceThatIsWrittenCountsOnce() {
    VirtualMachine machine = world.resource();
    world.cluster.create(machine);
    VirtualMachine stored =
        world.cluster.get(VirtualMachine.class, World.TENANT, "web").orElseThrow();
    List<Amount> seen = new ArrayList<>();
    candidates.reserve(
        identity(UUID.fromString(stored.getMetadata().getUid())),
        Demand.of(new Amount(2, 1 << 19), Map.of()),
        "h1",
        () -> {
          world.place("web", "h1");
          fleet().hosts().stream()
              .filter(c -> c.name().equals("h1"))
              .forEach(c -> seen.add(c.allocated()));
        });
    assertThat(seen).containsExactly(new Amount(2, 1 << 19));
  }
}
