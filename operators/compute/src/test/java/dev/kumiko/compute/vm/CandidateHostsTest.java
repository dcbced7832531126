package dev.kumiko.compute.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.compute.placement.Amount;
import dev.kumiko.compute.placement.Decision;
import dev.kumiko.compute.placement.Demand;
import dev.kumiko.compute.placement.Fleet;
import dev.kumiko.compute.placement.Placement;
import dev.kumiko.compute.placement.Rule;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Identity;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  @Test
  void neighboursArePlacedMachinesOfTheNamespaceAndThoseThatAreBeingPlaced() {
    Rule rule = new Rule(Rule.Sort.APART, true, "", Map.of("app", "web"));
    Demand demand = new Demand(new Amount(1, 1), Map.of(), Optional.empty(), List.of(rule), false);
    labelled("placed", World.TENANT);
    labelled("leaving", World.TENANT);
    labelled("stopped", World.TENANT);
    VirtualMachine stranger = labelled("stranger", "globex");
    VirtualMachine asking = labelled("web", World.TENANT);
    world.place("placed", "h1");
    stranger.setStatus(
        world.cluster.get(VirtualMachine.class, World.TENANT, "placed").orElseThrow().getStatus());
    world.cluster.updateStatus(stranger);
    world.place("leaving", "h1");
    world.place("web", "h1");
    VirtualMachine leaving =
        world.cluster.get(VirtualMachine.class, World.TENANT, "leaving").orElseThrow();
    world.cluster.addFinalizer(leaving);
    world.cluster.delete(leaving);
    VirtualMachine coming = labelled("coming", World.TENANT);
    List<Map<String, Long>> seen = new ArrayList<>();
    candidates.reserve(
        identity(UUID.fromString(coming.getMetadata().getUid())),
        Demand.of(new Amount(1, 1), Map.of()),
        "h2",
        () -> seen.add(neighbours(asking, demand, rule)));
    seen.add(neighbours(asking, demand, rule));
    assertThat(seen).containsExactly(Map.of("h1", 1L, "h2", 1L), Map.of("h1", 1L));
  }

  private Map<String, Long> neighbours(VirtualMachine asking, Demand demand, Rule rule) {
    return candidates
        .fleet(identity(UUID.fromString(asking.getMetadata().getUid())), demand)
        .neighbours()
        .getOrDefault(rule, Map.of());
  }

  private VirtualMachine labelled(String name, String namespace) {
    VirtualMachine machine = World.machine(name);
    machine.getMetadata().setNamespace(namespace);
    machine.getMetadata().setLabels(Map.of("app", "web", "name", name));
    world.cluster.create(machine);
    return world.cluster.get(VirtualMachine.class, namespace, name).orElseThrow();
  }
}
