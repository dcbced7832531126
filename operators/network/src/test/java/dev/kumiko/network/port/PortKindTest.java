package dev.kumiko.network.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.network.Worlds;
import dev.kumiko.network.fabric.Binding;
import dev.kumiko.network.port.PortConvergenceTest.PortWorld;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.v1alpha1.Claim;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PortKindTest {
  private final PortWorld world = new PortWorld();
  private final PortKind kind = new PortKind(world.cluster, world.fabrics);

  @Test
  void eachPortGetsAnAddressAndAMacThatFollowsFromIt() {
    Set<String> addresses = new HashSet<>();
    for (int i = 0; i < 12; i++) {
      Port port = make(Worlds.port("vm-" + i, null, null));
      String ip = String.valueOf(port.observed().ip());
      addresses.add(ip);
      assertThat(port.observed().mac())
          .isEqualTo(String.format("02:6b:0a:01:01:%02x", lastByte(ip)));
    }

    assertThat(addresses)
        .hasSize(12)
        .doesNotContain("10.1.1.0", "10.1.1.1", "10.1.1.14", "10.1.1.15");
    Port tooMany = make(Worlds.port("vm-14", null, null));
    assertThat(ready(tooMany).reason()).isEqualTo("AddressesExhausted");
  }

  @Test
  void aFixedAddressBelongsToTheFirstWhoAsks() {
    make(Worlds.port("vm-0", "10.1.1.9", null));
    Port second = make(Worlds.port("vm-1", "10.1.1.9", null));

    assertThat(ready(second).reason()).isEqualTo("AddressTaken");
    assertThat(ready(second).message()).contains("spec.address 10.1.1.9 belongs to Port acme/vm-0");
  }

  @Test
  void aClaimWhoseOwnerIsGoneDoesNotCountOnceItsRowsAreGone() {
    Port first = make(Worlds.port("vm-0", "10.1.1.9", null));
    world.cluster.removeFinalizer(first);
    world.cluster.delete(first);

    Port asked = Worlds.port("vm-1", "10.1.1.9", null);
    assertThat(ready(make(asked)).reason()).isEqualTo("AddressTaken");
    world.tables.commit(Ownership.of(first), Set.of(), Duration.ofSeconds(1));

    assertThat(pass(asked).observed().ip()).isEqualTo("10.1.1.9");
  }

  @Test
  void isHeldWhileThePlacedMachineThatItWasMadeForListsIt() {
    VirtualMachine vm = machine("eth0", "h1");
    Port port = Worlds.port("vm-eth0", null, null, "h1");
    port.getMetadata()
        .setOwnerReferences(
            List.of(
                new OwnerReferenceBuilder()
                    .withKind("VirtualMachine")
                    .withName("vm")
                    .withUid(vm.getMetadata().getUid())
                    .build()));
    make(port);
    world.cluster.delete(port);

    Port held = pass(port);
    assertThat(held.observed().waitingFor().getFirst().name()).isEqualTo("acme/vm");
    assertThat(ready(held).reason()).isEqualTo("InUse");
    assertThat(world.tables.observe(Ownership.of(held)).rows()).isNotEmpty();
    vm.setStatus(VirtualMachine.Status.empty());
    world.cluster.updateStatus(vm);
    pass(port);

    assertThat(world.cluster.get(Port.class, "acme", "vm-eth0")).isEmpty();
  }

  @Test
  void isNotHeldByAMachineThatIsDeletedOrDoesNotListIt() {
    VirtualMachine vm = machine("eth1", "h1");
    assertThat(PortUsers.uses(vm, "vm-eth1")).isTrue();
    assertThat(PortUsers.uses(vm, "vm-eth0")).isFalse();
    vm.getMetadata().setDeletionTimestamp("2030-01-01T00:00:00Z");
    assertThat(PortUsers.uses(vm, "vm-eth1")).isFalse();
  }

  private VirtualMachine machine(String nic, String host) {
    VirtualMachine vm = new VirtualMachine();
    vm.setMetadata(Worlds.inNamespace("acme", "vm"));
    vm.setSpec(
        Serialization.unmarshal(
            "{\"instanceType\": \"small\", \"interfaces\": [{\"name\": \"%s\", \"network\": \"web\"}]}"
                .formatted(nic),
            VirtualMachine.Spec.class));
    world.cluster.create(vm);
    VirtualMachine made = Worlds.now(world.cluster, vm);
    made.setStatus(
        Serialization.unmarshal(
            "{\"placement\": {\"host\": \"%s\", \"epoch\": 1}}".formatted(host),
            VirtualMachine.Status.class));
    return world.cluster.updateStatus(made);
  }

  @Test
  void onlyWhoFoundSomethingTakenIsWokenByAClaim() {
    make(Worlds.port("vm-0", "10.1.1.9", null));
    make(Worlds.port("vm-1", "10.1.1.9", null));
    world.cluster.create(Worlds.port("vm-2", null, null));

    Claim claim = world.cluster.get(Claim.class, "", "ip.main.10.1.1.9").orElseThrow();
    assertThat(woken(claim)).containsExactly(new ObjectKey("acme", "vm-1"));
  }

  private List<ObjectKey> woken(Claim claim) {
    return kind.watches().stream()
        .filter(watch -> watch.type() == Claim.class)
        .flatMap(watch -> affects(watch, claim).stream())
        .toList();
  }

  private static <T extends HasMetadata> Collection<ObjectKey> affects(
      Watch<T> watch, Claim claim) {
    return watch.affects().apply(watch.type().cast(claim));
  }

  @Test
  void aFixedMacBelongsToTheFirstWhoAsks() {
    make(Worlds.port("vm-0", null, "0a:00:00:00:00:01"));
    Port second = make(Worlds.port("vm-1", null, "0a:00:00:00:00:01"));

    assertThat(ready(second).reason()).isEqualTo("MacTaken");
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.1.0, is the network's own",
    "10.1.1.15, is the network's own",
    "10.1.1.1, is the gateway",
    "10.1.1.14, is where probes come from",
    "10.1.2.1, is not in 10.1.1.0/28"
  })
  void anAddressThatNoGuestMayHaveIsRefused(String address, String why) {
    Port port = make(Worlds.port("vm-0", address, null));

    assertThat(ready(port).reason()).isEqualTo("AddressInvalid");
    assertThat(ready(port).message()).contains("spec.address " + address).contains(why);
  }

  @Test
  void aMacThatLooksGeneratedIsRefused() {
    Port port = make(Worlds.port("vm-0", null, "02:6b:00:00:00:01"));

    assertThat(ready(port).reason()).isEqualTo("MacReserved");
  }

  @Test
  void saysWhetherTheGuestAnswersOnlyWhenItIsAsked() {
    Port asked = Worlds.port("vm-0", null, null, "h1");
    Port port = make(asked);
    plug(port, true, "h1");
    world.tables.answer(Ownership.of(port), 22, true);
    assertThat(pass(asked).observed().answers()).isNull();

    probe(asked, 22);
    assertThat(pass(asked).observed().answers()).isTrue();
    probe(asked, 23);
    assertThat(pass(asked).observed().answers()).isFalse();
    assertThat(pass(asked).observed().isReady()).isTrue();
  }

  @Test
  void anAnswerFromWhereThePortIsNotPluggedInDoesNotCount() {
    Port asked = Worlds.port("vm-0", null, null, "h1");
    Port port = make(asked);
    probe(asked, 22);
    world.tables.answer(Ownership.of(port), 22, true);
    assertThat(pass(asked).observed().answers()).isFalse();

    plug(port, true, "h2");
    assertThat(pass(asked).observed().answers()).isFalse();
    plug(port, true, "h1");
    assertThat(pass(asked).observed().answers()).isTrue();
  }

  private void probe(Port asked, int tcpPort) {
    Port edited = Worlds.now(world.cluster, asked);
    Port.Spec spec = edited.getSpec();
    edited.setSpec(
        new Port.Spec(
            spec.network(), spec.address(), spec.mac(), spec.hosts(), new Port.Probe(tcpPort)));
    world.cluster.apply(edited);
  }

  @Test
  void isReadyOnlyWhereTheGuestIsPluggedIn() {
    Port asked = Worlds.port("vm-0", null, null, "h1");
    Port port = make(asked);
    assertThat(ready(port).reason()).isEqualTo("NotPlugged");
    assertThat(port.observed().ip()).isNotNull();

    plug(port, true, "h2");
    assertThat(pass(asked).observed().isReady()).isFalse();
    plug(port, false, "h1");
    assertThat(pass(asked).observed().isReady()).isFalse();
    plug(port, true, "h1");
    Port there = pass(asked);

    assertThat(there.observed().isReady()).isTrue();
    assertThat(there.observed().host()).isEqualTo("h1");
    assertThat(there.observed().programmedOn()).containsExactly("h1");
  }

  @Test
  void duringAMigrationTheFirstHostCarriesTheGuestAndTheOtherIsPrepared() {
    Port asked = Worlds.port("vm-0", null, null, "h1", "h2");
    Port port = make(asked);
    assertThat(port.observed().programmedOn()).containsExactly("h2");

    plug(port, true, "h1");

    assertThat(pass(asked).observed().programmedOn()).containsExactly("h1", "h2");
    assertThat(pass(asked).observed().isReady()).isTrue();
    assertThat(pass(asked).observed().host()).isEqualTo("h1");
    plug(port, true, "h2");
    assertThat(pass(asked).observed().isReady()).isFalse();
  }

  @Test
  void aHostThatDoesNotFollowIsNamed() {
    world.tables.freeze("h1", true);
    Port port = make(Worlds.port("vm-0", null, null, "h1"));

    assertThat(ready(port).message()).isEqualTo("not yet programmed on h1");
    assertThat(port.observed().waitingFor().getFirst().name()).isEqualTo("h1");
    Port nowhere = make(Worlds.port("vm-1", null, null, "h9"));
    assertThat(nowhere.observed().waitingFor().getFirst().reason()).isEqualTo("NotOnFabric");
  }

  @Test
  void isNotProgrammedWhereTheHostHasNoUplink() {
    world.tables.unmap("h1");
    Port port = make(Worlds.port("vm-0", null, null, "h1"));

    assertThat(port.observed().programmedOn()).isEmpty();
    assertThat(port.observed().waitingFor().getFirst().reason()).isEqualTo("NotMapped");
  }

  @Test
  void whatWasSeenForAnEarlierSpecProvesNothingForThisOne() {
    Port asked = Worlds.port("vm-0", null, null, "h2", "h1");
    plug(make(asked), true, "h2");
    assertThat(pass(asked).observed().programmedOn()).containsExactly("h2", "h1");

    world.fabrics.down(true);
    Port unchanged = pass(asked);
    assertThat(unchanged.observed().isReady()).isFalse();
    assertThat(unchanged.observed().programmedOn()).containsExactly("h2", "h1");
    Port edited = Worlds.now(world.cluster, asked);
    edited.setSpec(new Port.Spec("web", null, null, List.of("h1"), null));
    world.cluster.apply(edited);
    Port changed = pass(asked);

    assertThat(changed.observed().observedGeneration()).isEqualTo(2);
    assertThat(changed.observed().programmedOn()).isEmpty();
    assertThat(changed.observed().host()).isNull();
    assertThat(changed.observed().ip()).isEqualTo(unchanged.observed().ip());
  }

  @Test
  void isNotProgrammedWhereTheHostFellSilent() {
    Port asked = Worlds.port("vm-0", null, null, "h1");
    plug(make(asked), true, "h1");
    assertThat(pass(asked).observed().isReady()).isTrue();

    world.tables.silence("h1");
    Port port = pass(asked);

    assertThat(port.observed().programmedOn()).isEmpty();
    assertThat(port.observed().host()).isNull();
    assertThat(port.observed().waitingFor().getFirst().reason()).isEqualTo("NotProgrammed");
  }

  @Test
  void anAddressOfAnotherTenantIsTakenAndNotSaidByWhom() {
    Claim claim = new Claim();
    claim.setMetadata(Worlds.named("ip.main.10.1.1.9"));
    Network other = Worlds.network("web", "10.1.1.0/28", null);
    other.getMetadata().setNamespace("other");
    world.cluster.create(other);
    claim.setSpec(
        new Claim.Spec(
            "Network",
            "other",
            "web",
            Ownership.of(Worlds.now(world.cluster, other)).uid(),
            "10.1.1.9"));
    world.cluster.create(claim);

    Port port = make(Worlds.port("vm-0", "10.1.1.9", null));

    assertThat(ready(port).message()).contains("10.1.1.9 belongs to another tenant's Network:");
  }

  @Test
  void aPortMayComeBeforeItsNetwork() {
    Port port = Worlds.port("vm-0", null, null);
    port.setSpec(new Port.Spec("later", null, null, List.of(), null));

    assertThat(ready(make(port)).reason()).isEqualTo("NetworkNotFound");
    Worlds.makeNetwork(world.cluster, world.fabrics, Worlds.network("later", "10.9.0.0/24", null));
    assertThat(pass(port).observed().ip()).startsWith("10.9.0.");
  }

  private Port make(Port port) {
    world.cluster.create(port);
    return pass(port);
  }

  private Port pass(Port port) {
    return Worlds.pass(world.cluster, kind, port);
  }

  private void plug(Port port, boolean isUp, String... chassis) {
    world.tables.plug(Ownership.of(port), new Binding(new TreeSet<>(Set.of(chassis)), isUp));
  }

  private static int lastByte(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf('.') + 1));
  }

  private static Condition ready(Port port) {
    return port.observed().condition(Condition.READY).orElseThrow();
  }
}
