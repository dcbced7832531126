package dev.kumiko.network.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.network.Worlds;
import dev.kumiko.network.fabric.InMemoryFabricTables;
import dev.kumiko.network.fabric.InMemoryFabrics;
import dev.kumiko.network.fabric.Value;
import dev.kumiko.network.port.PortKind;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.WaitingFor;
import java.util.List;
import org.junit.jupiter.api.Test;

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

  private Network make(String name, String cidr, @org.jspecify.annotations.Nullable Integer vlan) {
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
