package dev.kumiko.network.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.network.Worlds;
import dev.kumiko.network.fabric.InMemoryFabricTables;
import dev.kumiko.network.fabric.InMemoryFabrics;
import dev.kumiko.network.fabric.Shapes;
import dev.kumiko.network.fabric.Value;
import dev.kumiko.network.fabric.VrfShape;
import dev.kumiko.network.port.PortKind;
import dev.kumiko.network.vrf.VrfKind;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.v1alpha1.Claim;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Fabric;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.Vrf;
import dev.kumiko.v1alpha1.WaitingFor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkKindTest {
  private final InMemoryCluster cluster = Worlds.tenant();
  private final InMemoryFabricTables tables = new InMemoryFabricTables("h1", "h2");
  private final InMemoryFabrics fabrics = new InMemoryFabrics(tables);
  private final NetworkKind kind = new NetworkKind(cluster, fabrics);

  @Test
  void eachNetworkGetsAVlanOfItsOwn() {
    Network web = make("web", "10.1.1.0/24", null);
    Network db = make("db", "10.1.2.0/24", null);

    assertThat(List.of(vlan(web), vlan(db))).containsExactly(101, 102);
    assertThat(condition(web).message()).isEqualTo("programmed on 2 of 2 live hosts");
    assertThat(web.observed().programmed()).isEqualTo("2/2");
  }

  @Test
  void anOverlappingPrefixIsRefusedUntilTheFirstIsGone() {
    Network wide = make("wide", "10.1.0.0/16", null);
    Network web = make("web", "10.1.1.0/24", null);

    assertThat(condition(web).reason()).isEqualTo("SubnetOverlap");
    assertThat(condition(web).message()).contains("10.1.0.0/16 of Network acme/wide");
    delete(wide);
    assertThat(condition(Worlds.pass(cluster, kind, web)).isTrue()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.1.0/24, 10.1.1.0/24, 101, 102",
    "10.1.0.0/16, 10.1.1.0/24, 101, 102",
    "10.1.1.0/24, 10.1.0.0/16, , "
  })
  void ofTwoThatOverlapAndComeTogetherOneIsProgrammed(
      String one, String other, @Nullable Integer oneVlan, @Nullable Integer otherVlan) {
    Worlds.pass(cluster, new VrfKind(cluster, fabrics), Worlds.vrf());
    Network first = Worlds.network("first", one, oneVlan);
    Network second = Worlds.network("second", other, otherVlan);
    cluster.create(first);
    cluster.create(second);
    cluster.addFinalizer(second);
    AtomicReference<Network> winner = new AtomicReference<>(first);
    Loop<Network, ?, ?, ?> loop =
        new Loop<>(
            kind,
            cluster,
            InstantSource.system(),
            (network, action, work) -> {
              if (!winner.get().observed().isReady()) {
                winner.set(Worlds.pass(cluster, kind, first));
              }
              work.run();
            });

    Loop.Outcome<Network> outcome = loop.reconcile(Worlds.now(cluster, second));

    Network loser = outcome.resource();
    assertThat(Worlds.pass(cluster, kind, first).observed().isReady()).isTrue();
    assertThat(condition(loser).reason()).isEqualTo("SubnetOverlap");
    assertThat(loser.observed().plan()).isEmpty();
    assertThat(tables.observe(Ownership.of(loser)).rows()).isEmpty();
    assertThat(Worlds.claims(cluster)).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.1.0/24", "10.1.0.0/16"})
  void anOverlapWithAnotherTenantDoesNotSayWithWhat(String theirs) {
    Vrf vrf = Worlds.vrf();
    vrf.setMetadata(Worlds.named("other"));
    vrf.setSpec(new Vrf.Spec("main", "other"));
    cluster.create(vrf);
    Network db = Worlds.network("db", theirs, null);
    db.getMetadata().setNamespace("other");
    cluster.create(db);
    Worlds.pass(cluster, kind, db);

    Network web = make("web", "10.1.1.0/24", null);

    assertThat(condition(web).message())
        .isEqualTo(
            "spec.subnets[0].cidr 10.1.1.0/24 overlaps another tenant's Network on fabric main: make"
                + " the Network with a prefix that is free there");
  }

  @Test
  void narrowerRangesLeaveAVlanThatIsHeld() {
    Network web = make("web", "10.1.1.0/24", 104);
    Fabric fabric = Worlds.fabric();
    fabric.setSpec(
        new Fabric.Spec(fabric.getSpec().ovn(), List.of(new Fabric.VlanRange(201, 202))));
    cluster.apply(fabric);

    assertThat(Worlds.pass(cluster, kind, web).observed().isReady()).isTrue();
    assertThat(condition(make("db", "10.1.2.0/24", 103)).reason()).isEqualTo("VlanOutsideRanges");
  }

  @Test
  void aRangeThatRunsBackwardsIsRefused() {
    Network web = Worlds.network("web", "10.1.1.0/24", null);
    Network.Subnet subnet =
        new Network.Subnet(
            "10.1.1.0/24",
            null,
            List.of(
                new Network.Range("10.1.1.5", "10.1.1.9"),
                new Network.Range("10.1.1.90", "10.1.1.80")),
            List.of(),
            List.of(),
            List.of());
    web.setSpec(new Network.Spec(List.of(subnet), null, 1500, Network.Dhcp.Enabled));

    Network seen = Worlds.makeNetwork(cluster, fabrics, web);

    assertThat(condition(seen).reason()).isEqualTo("AddressInvalid");
    assertThat(condition(seen).message())
        .isEqualTo("spec.subnets[0].ranges: from 10.1.1.90 is above to 10.1.1.80: exchange them");
  }

  @Test
  void aVlanOfAnotherClusterIsNotTaken() {
    Ownership theirs = new Ownership("Network", "acme", "web", "another-uid");
    Ownership router = new Ownership("Vrf", "", "acme", "another-vrf");
    tables.commit(
        router, tables.rendering().vrf(new VrfShape(router, "theirs")), Duration.ofSeconds(1));
    tables.commit(
        theirs,
        tables.rendering().segment(Shapes.segment("another-uid", "another-vrf", 101)),
        Duration.ofSeconds(1));

    assertThat(vlan(make("web", "10.1.1.0/24", null))).isEqualTo(102);
  }

  @Test
  void aVlanOutsideTheRangesIsRefusedWithTheRanges() {
    Network web = make("web", "10.1.1.0/24", 999);

    assertThat(condition(web).reason()).isEqualTo("VlanOutsideRanges");
    assertThat(condition(web).message()).contains("spec.vlan 999").contains("101-104, 201-202");
  }

  @Test
  void deletionWaitsForPortsAndNamesThem() {
    Network web = make("web", "10.1.1.0/24", null);
    cluster.create(Worlds.port("vm-0", null, null));
    Worlds.pass(cluster, new PortKind(cluster, fabrics), Worlds.port("vm-0", null, null));
    delete(web);

    Network held = Worlds.now(cluster, web);
    assertThat(held.observed().waitingFor())
        .extracting(WaitingFor::kind, WaitingFor::name, WaitingFor::reason)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("Port", "acme/vm-0", "InUse"));
    cluster.delete(Worlds.port("vm-0", null, null));
    Worlds.pass(cluster, new PortKind(cluster, fabrics), Worlds.port("vm-0", null, null));
    Worlds.pass(cluster, kind, web);
    assertThat(Worlds.claims(cluster)).isEmpty();
  }

  @Test
  void addressesAreCounted() {
    make("web", "10.1.1.0/28", null);
    cluster.create(Worlds.port("vm-0", null, null));
    Worlds.pass(cluster, new PortKind(cluster, fabrics), Worlds.port("vm-0", null, null));

    Network web = Worlds.pass(cluster, kind, Worlds.network("web", "10.1.1.0/28", null));
    assertThat(web.observed().addressesUsed()).isEqualTo(1);
    assertThat(web.observed().addressesFree()).isEqualTo(11);
  }

  @Test
  void manyNewPortsCostFewWritesOfTheirNetwork() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    NetworkKind paced = new NetworkKind(cluster, fabrics, now::get);
    Network web = make("web", "10.1.1.0/28", null);
    Worlds.pass(cluster, paced, web);
    for (int i = 0; i < 5; i++) {
      Network before = Worlds.now(cluster, web);
      cluster.create(Worlds.port("vm-" + i, null, null));
      Worlds.pass(cluster, new PortKind(cluster, fabrics), Worlds.port("vm-" + i, null, null));
      assertThat(Worlds.pass(cluster, paced, web)).isEqualTo(before);
    }

    now.set(now.get().plusSeconds(11));

    assertThat(Worlds.pass(cluster, paced, web).observed().addressesUsed()).isEqualTo(5);
  }

  @Test
  void aForeignSwitchOfTheSameNameIsReportedAndLeftAlone() {
    make("web", "10.1.1.0/24", null);
    var other = tables.makeSwitch("acme/web");

    Network web = Worlds.pass(cluster, kind, Worlds.network("web", "10.1.1.0/24", null));

    assertThat(condition(web).isTrue()).isTrue();
    assertThat(web.observed().condition("ForeignName"))
        .hasValueSatisfying(c -> assertThat(c.message()).contains(other.toString()));
    assertThat(tables.hasSwitch(other)).isTrue();
  }

  @Test
  void aVlanOfAForeignSwitchIsNotTakenAndLaterOnesAreReported() {
    tables.connect(tables.makeSwitch("legacy"), "physnet1", 101);
    Network web = make("web", "10.1.1.0/24", null);
    Network fixed = make("fixed", "10.1.2.0/24", 101);

    assertThat(vlan(web)).isEqualTo(102);
    assertThat(condition(fixed).reason()).isEqualTo("VlanTaken");
    assertThat(condition(fixed).message()).contains("localnet port legacy-101, which is not ours");
    tables.connect(tables.makeSwitch("late"), "physnet1", 102);
    assertThat(Worlds.pass(cluster, kind, web).observed().condition("ForeignVlan")).isPresent();
  }

  @Test
  void whatSomebodyElseChangedIsPutRightAndTold() {
    Network web = make("web", "10.1.1.0/24", null);
    assertThat(cluster.events()).isEmpty();
    var uplink =
        tables.world().values().stream()
            .filter(row -> row.get("type").toString().equals("localnet"))
            .findFirst()
            .orElseThrow();

    tables.write("Logical_Switch_Port", uplink.id(), "tag", "999");
    Worlds.pass(cluster, kind, web);

    assertThat(tables.world()).containsEntry(uplink.id(), uplink);
    assertThat(cluster.events())
        .singleElement()
        .asString()
        .contains("Warning Network acme/web DriftRepaired")
        .contains("update Logical_Switch_Port " + uplink.id() + " [tag]");
  }

  @Test
  void aHostWithoutAnUplinkForTheFabricIsNamedAndDoesNotCount() {
    tables.unmap("h2");
    Network web = make("web", "10.1.1.0/24", null);

    assertThat(web.observed().programmed()).isEqualTo("1/2");
    assertThat(web.observed().waitingFor())
        .extracting(WaitingFor::name, WaitingFor::reason)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("h2", "NotMapped"));
    assertThat(web.observed().waitingFor().getFirst().message()).contains("physnet1");
  }

  @Test
  void aChassisOfNoHostDoesNotCount() {
    tables.unmap("h2");
    cluster.delete(Worlds.host("h2", null));
    Network web = make("web", "10.1.1.0/24", null);

    assertThat(condition(web).isTrue()).isTrue();
    assertThat(condition(web).message()).isEqualTo("programmed on 1 of 1 live hosts");
    assertThat(web.observed().programmed()).isEqualTo("1/1");
  }

  @Test
  void aHostThatIsBeingDeletedDoesNotCount() {
    tables.unmap("h2");
    Host leaving = Worlds.host("h2", null);
    cluster.addFinalizer(leaving);
    cluster.delete(leaving);

    assertThat(make("web", "10.1.1.0/24", null).observed().programmed()).isEqualTo("1/1");
  }

  @Test
  void aHostIsFoundByItsChassisAndCalledByItsOwnName() {
    tables.unmap("h2");
    cluster.delete(Worlds.host("h2", null));
    cluster.create(Worlds.host("node-7", "h2"));
    Network web = make("web", "10.1.1.0/24", null);

    assertThat(web.observed().programmed()).isEqualTo("1/2");
    assertThat(web.observed().waitingFor())
        .extracting(WaitingFor::kind, WaitingFor::name, WaitingFor::reason)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("Host", "node-7", "NotMapped"));
  }

  @Test
  void aHostThatComesOrGoesByAnotherNameWakesNetworksAndItsStatusDoesNot() {
    ObjectKey web = ObjectKey.of(make("web", "10.1.1.0/24", null));
    assertThat(wokenByHosts()).containsExactly(web);
    assertThat(wokenByHosts()).isEmpty();

    cluster.create(Worlds.host("h5", null));
    assertThat(wokenByHosts()).containsExactly(web);
    Host h5 = Worlds.now(cluster, Worlds.host("h5", null));
    h5.setStatus(Host.Status.empty().on("a-machine"));
    cluster.updateStatus(h5);
    assertThat(wokenByHosts()).isEmpty();
    cluster.apply(Worlds.host("h5", "rack1-node5"));
    assertThat(wokenByHosts()).containsExactly(web);
    cluster.delete(Worlds.host("h5", null));
    assertThat(wokenByHosts()).containsExactly(web);
  }

  private List<ObjectKey> wokenByHosts() {
    return kind.watches().stream()
        .filter(watch -> watch.type() == Host.class)
        .flatMap(watch -> affects(watch, Worlds.host("h5", null)).stream())
        .toList();
  }

  private static <T extends HasMetadata> Collection<ObjectKey> affects(Watch<T> watch, Host host) {
    return watch.affects().apply(watch.type().cast(host));
  }

  @Test
  void hostsAreNotBlamedForWhatNorthdDoesNotPassOn() {
    tables.translate(false);
    Network web = make("web", "10.1.1.0/24", null);

    assertThat(condition(web).isTrue()).isFalse();
    assertThat(web.observed().waitingFor())
        .extracting(WaitingFor::name, WaitingFor::reason)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("fabric/twin", "NorthdLags"));
    tables.translate(true);
    assertThat(Worlds.pass(cluster, kind, web).observed().isReady()).isTrue();
  }

  @Test
  void probesNeverComeFromTheAddressOfAGuest() {
    Network web = make("web", "10.1.1.0/28", null);
    assertThat(web.observed().prober()).isEqualTo("10.1.1.14");
    PortKind ports = new PortKind(cluster, fabrics);
    cluster.create(Worlds.port("vm-0", "10.1.1.13", null));
    Worlds.pass(cluster, ports, Worlds.port("vm-0", "10.1.1.13", null));

    Network edited = Worlds.now(cluster, web);
    edited.setSpec(
        new Network.Spec(
            List.of(
                new Network.Subnet(
                    "10.1.1.0/28", null, List.of(), List.of(), List.of("10.1.1.14"), List.of())),
            null,
            1500,
            Network.Dhcp.Enabled));
    cluster.apply(edited);
    Network moved = Worlds.pass(cluster, kind, web);

    assertThat(moved.observed().prober()).isEqualTo("10.1.1.12");
    assertThat(Worlds.claims(cluster))
        .contains("ip.main.10.1.1.1", "ip.main.10.1.1.12", "ip.main.10.1.1.14");
    Worlds.pass(cluster, kind, web);
    assertThat(Worlds.claims(cluster)).doesNotContain("ip.main.10.1.1.14");
    cluster.create(Worlds.port("dns", "10.1.1.14", null));
    assertThat(Worlds.pass(cluster, ports, Worlds.port("dns", "10.1.1.14", null)).observed().ip())
        .isEqualTo("10.1.1.14");
  }

  @Test
  void aGatewayThatIsTakenIsSaid() {
    Ownership other = Ownership.of(make("db", "10.1.2.0/24", null));
    Claim claim = new Claim();
    claim.setMetadata(Worlds.named("ip.main.10.1.1.1"));
    claim.setSpec(new Claim.Spec("Network", "acme", "db", other.uid(), "10.1.1.1"));
    cluster.create(claim);

    Network web = make("web", "10.1.1.0/24", null);

    assertThat(condition(web).message())
        .isEqualTo(
            "spec.subnets[0].gateway 10.1.1.1 belongs to Network acme/db: make the Network with"
                + " another");
  }

  @Test
  void aNamespaceWithoutAVrfIsSaid() {
    Network stray = Worlds.network("web", "10.1.1.0/24", null);
    stray.getMetadata().setNamespace("nobody");
    cluster.create(stray);

    Network seen = Worlds.pass(cluster, kind, stray);

    assertThat(condition(seen).reason()).isEqualTo("VrfNotFound");
    cluster.delete(stray);
    Worlds.pass(cluster, kind, stray);
    assertThat(cluster.get(Network.class, "nobody", "web")).isEmpty();
  }

  @Test
  void aWholeSwitchDeletedBehindOurBackComesBackWithItsPorts() {
    make("web", "10.1.1.0/24", null);
    PortKind ports = new PortKind(cluster, fabrics);
    cluster.create(Worlds.port("vm-0", null, null));
    Worlds.pass(cluster, ports, Worlds.port("vm-0", null, null));
    var before = tables.world();
    var logicalSwitch =
        before.values().stream()
            .filter(row -> row.get("name").equals(Value.text("acme/web")))
            .findFirst()
            .orElseThrow();

    tables.delete("Logical_Switch", logicalSwitch.id());
    var lost = Worlds.pass(cluster, ports, Worlds.port("vm-0", null, null));
    assertThat(lost.observed().isReady()).isFalse();
    Worlds.pass(cluster, kind, Worlds.network("web", "10.1.1.0/24", null));
    Worlds.pass(cluster, ports, Worlds.port("vm-0", null, null));

    assertThat(tables.world()).isEqualTo(before);
  }

  private Network make(String name, String cidr, @Nullable Integer vlan) {
    return Worlds.makeNetwork(cluster, fabrics, Worlds.network(name, cidr, vlan));
  }

  private void delete(Network network) {
    cluster.delete(network);
    Worlds.pass(cluster, kind, network);
  }

  private static int vlan(Network network) {
    Integer vlan = network.observed().vlan();
    return vlan == null ? 0 : vlan;
  }

  private static Condition condition(Network network) {
    return network.observed().condition(Condition.READY).orElseThrow();
  }
}
