package dev.kumiko.network.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.network.Worlds;
import dev.kumiko.network.fabric.InMemoryFabricTables;
import dev.kumiko.network.fabric.InMemoryFabrics;
import dev.kumiko.network.fabric.Shapes;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Fabric;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.WaitingFor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ControllerKindTest {
  private final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
  private final InMemoryFabricTables tables = new InMemoryFabricTables("h1", "h2");
  private final InMemoryFabrics fabrics = new InMemoryFabrics(tables);
  private final ControllerKind kind = new ControllerKind(cluster, fabrics);

  @BeforeEach
  void create() {
    cluster.create(Worlds.fabric());
  }

  @Test
  void saysVersionChassisAndVlans() {
    cluster.create(Worlds.vrf());
    Worlds.makeNetwork(cluster, fabrics, Worlds.network("web", "10.1.1.0/24", null));

    Fabric fabric = pass();

    assertThat(fabric.observed().version()).isEqualTo("1.0");
    assertThat(fabric.observed().chassis()).isEqualTo("2/2");
    assertThat(fabric.observed().vlansUsed()).isEqualTo(1);
    assertThat(fabric.observed().vlansFree()).isEqualTo(5);
    assertThat(ready(fabric).message()).isEqualTo("connected to twin; 2 live hosts");
  }

  @Test
  void namesTheHostsThatAreSilent() {
    tables.silence("h2");

    assertThat(ready(pass()).message()).isEqualTo("connected to twin; 1 live hosts, silent: h2");
  }

  @Test
  void isNotReadyWhileTheControllerDoesNotAnswer() {
    pass();
    tables.down(true);

    Fabric fabric = pass();

    assertThat(ready(fabric).isTrue()).isFalse();
    assertThat(fabric.observed().waitingFor())
        .extracting(WaitingFor::name)
        .containsExactly("ovn/main");
  }

  @Test
  void connectsAnewWithARenewedSecret() {
    pass();
    fabrics.renewSecret("2");
    pass();

    assertThat(fabrics.world().values()).singleElement().extracting("secretVersion").isEqualTo("2");
  }

  @Test
  void rowsOfObjectsThatAreGoneAreReportedAndKept() {
    var vrf = Shapes.vrf("gone");
    tables.commit(vrf.owner(), tables.rendering().vrf(vrf), Duration.ofSeconds(1));

    Fabric fabric = pass();

    assertThat(fabric.observed().condition("OrphanedRows"))
        .hasValueSatisfying(c -> assertThat(c.message()).contains("Vrf acme (gone)"));
    assertThat(tables.world()).hasSize(1);
  }

  @Test
  void claimsWhoseOwnersAreGoneAreGivenBackOnceTheirRowsAreGone() {
    cluster.create(Worlds.vrf());
    Network web = Worlds.makeNetwork(cluster, fabrics, Worlds.network("web", "10.1.1.0/24", null));
    pass();
    assertThat(Worlds.claims(cluster)).isNotEmpty();
    cluster.removeFinalizer(web);
    cluster.delete(web);

    assertThat(pass().observed().condition("OrphanedRows")).isPresent();
    assertThat(Worlds.claims(cluster)).isNotEmpty();
    tables.commit(Ownership.of(web), Set.of(), Duration.ofSeconds(1));

    assertThat(pass().observed().vlansUsed()).isZero();
    assertThat(Worlds.claims(cluster)).isEmpty();
  }

  @Test
  void isNotReadyWhileNorthdDoesNotPassOnWhatIsCommitted() {
    tables.translate(false);

    assertThat(ready(pass()).reason()).isEqualTo("NorthdLags");
  }

  @Test
  void deletionWaitsForVrfs() {
    cluster.create(Worlds.vrf());
    pass();
    cluster.delete(Worlds.fabric());

    assertThat(pass().observed().waitingFor())
        .extracting(WaitingFor::kind, WaitingFor::name)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("Vrf", "acme"));
  }

  private Fabric pass() {
    return Worlds.pass(cluster, kind, Worlds.fabric());
  }

  private static Condition ready(Fabric fabric) {
    return fabric.observed().condition(Condition.READY).orElseThrow();
  }
}
