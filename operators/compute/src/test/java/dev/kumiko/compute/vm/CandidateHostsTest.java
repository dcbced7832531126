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
import java.util.Set;
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
        identity(coming),
        Demand.of(new Amount(1, 1), Map.of()),
        "h2",
        () -> seen.add(neighbours(asking, demand, rule)));
    seen.add(neighbours(asking, demand, rule));
    assertThat(seen).containsExactly(Map.of("h1", 1L, "h2", 1L), Map.of("h1", 1L));
  }

  @Test
  void onlyMachinesOfTheNamespaceThatHaveAPlaceAndMustBeApartFromItKeepAMachineOff() {
    placedApart("apart", "h1", "web", "rack", true);
    placedApart("fromOthers", "h1", "db", "rack", true);
    placedApart("rather", "h2", "web", "rack", false);
    VirtualMachine coming = machineApart("coming", World.TENANT, "web", "", true);
    VirtualMachine stranger = machineApart("stranger", "globex", "web", "zone", true);
    stranger.setStatus(stored("rather").getStatus());
    world.cluster.updateStatus(stranger);
    placedApart("leaving", "h2", "web", "zone", true);
    world.cluster.addFinalizer(stored("leaving"));
    world.cluster.delete(stored("leaving"));
    placedApart("asking", "h1", "web", "zone", true);
    List<Map<String, Set<String>>> seen = new ArrayList<>();
    candidates.reserve(
        coming.getMetadata().getUid(),
        identity(coming),
        Demand.of(new Amount(1, 1), Map.of()),
        "h2",
        "h2"::equals,
        () -> seen.add(opposed(stored("asking"))));
    seen.add(opposed(stored("asking")));
    assertThat(seen)
        .containsExactly(
            Map.of("rack", Set.of("h1"), "", Set.of("h2")), Map.of("rack", Set.of("h1")));
  }

  @Test
  void aMachineWithoutARuleDoesNotComeToOneThatMustBeApartFromIt() {
    placedApart("alone", "h1", "web", "", true);
    VirtualMachine plain = labelled("plain", World.TENANT);
    Demand demand = Demand.of(new Amount(1, 1), Map.of());
    Fleet fleet = candidates.fleet(identity(plain), demand);
    assertThat(Placement.place(demand, fleet)).isEqualTo(new Decision.Chosen("h2"));
    assertThatThrownBy(() -> candidates.reserve(identity(plain), demand, "h1", () -> {}))
        .isInstanceOf(Conflict.class);
    assertThat(Placement.place(demand, fleet.among("h1"::equals)))
        .isEqualTo(new Decision.Nowhere(Map.of(Decision.Reason.ANTI_AFFINITY_OF_OTHERS, 1L)));
  }

  /** It came there before the rule, and has to come back there when its host is lost. */
  @Test
  void aMachineThatIsBesideOneThatMustBeApartFromItMayStayThere() {
    placedApart("alone", "h1", "web", "", true);
    labelled("beside", World.TENANT);
    world.place("beside", "h1");
    assertThat(opposed(stored("beside"))).isEqualTo(Map.of("", Set.of()));
    world.place("beside", "h2");
    assertThat(opposed(stored("beside"))).isEqualTo(Map.of("", Set.of("h1")));
  }

  private Map<String, Set<String>> opposed(VirtualMachine asking) {
    return candidates.fleet(identity(asking), Demand.of(new Amount(1, 1), Map.of())).opposed();
  }

  private void placedApart(
      String name, String host, String app, String topologyKey, boolean isRequired) {
    machineApart(name, World.TENANT, app, topologyKey, isRequired);
    world.place(name, host);
  }

  /** One of {@code app=web} that is to be apart from those of another, or of the same. */
  private VirtualMachine machineApart(
      String name, String namespace, String app, String topologyKey, boolean isRequired) {
    VirtualMachine machine = labelled(name, namespace);
    VirtualMachine.Spec spec = machine.getSpec();
    VirtualMachine.Neighbours others =
        new VirtualMachine.Neighbours(
            Map.of("app", app), topologyKey.isEmpty() ? null : topologyKey, isRequired);
    machine.setSpec(
        new VirtualMachine.Spec(
            spec.runPolicy(),
            spec.instanceType(),
            spec.vcpus(),
            spec.memory(),
            spec.cpuModel(),
            spec.disks(),
            spec.interfaces(),
            spec.cloudInit(),
            new VirtualMachine.Placement(Map.of(), null, others, null),
            spec.readiness(),
            spec.recovery()));
    return world.cluster.apply(machine);
  }

  private VirtualMachine stored(String name) {
    return world.cluster.get(VirtualMachine.class, World.TENANT, name).orElseThrow();
  }

  private static Identity identity(VirtualMachine machine) {
    return new Identity(
        machine.getMetadata().getNamespace(),
        machine.getMetadata().getName(),
        UUID.fromString(machine.getMetadata().getUid()));
  }

  private Map<String, Long> neighbours(VirtualMachine asking, Demand demand, Rule rule) {
    return candidates.fleet(identity(asking), demand).neighbours().getOrDefault(rule, Map.of());
  }

  private VirtualMachine labelled(String name, String namespace) {
    VirtualMachine machine = World.machine(name);
    machine.getMetadata().setNamespace(namespace);
    machine.getMetadata().setLabels(Map.of("app", "web", "name", name));
    world.cluster.create(machine);
    return world.cluster.get(VirtualMachine.class, namespace, name).orElseThrow();
  }
}
