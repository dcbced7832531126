package dev.kumiko.network.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link FabricTables} does, the twin and the real ones. */
public abstract class FabricTablesContract {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final String vrfUid = UUID.randomUUID().toString();
  private final String networkUid = UUID.randomUUID().toString();
  private final String portUid = UUID.randomUUID().toString();
  private final VrfShape vrf = Shapes.vrf(vrfUid);
  private final SegmentShape segment = Shapes.segment(networkUid, vrfUid, 301);
  private final PortShape port = Shapes.port(portUid, networkUid);
  private final List<Ownership> told = new CopyOnWriteArrayList<>();
  private final List<UUID> foreign = new ArrayList<>();

  protected abstract FabricTables tables();

  protected abstract ForeignHand foreignHand();

  @BeforeEach
  void listen() {
    await().until(() -> tables().health().isConnected());
    tables()
        .listen(
            new FabricListener() {
              @Override
              public void rowsChanged(Ownership owner) {
                told.add(owner);
              }

              @Override
              public void chassisChanged() {}
            });
  }

  @AfterEach
  void leaveNothing() {
    List.of(port.owner(), segment.owner(), vrf.owner())
        .forEach(owner -> tables().commit(owner, Set.of(), DEADLINE));
    foreign.forEach(id -> foreignHand().delete("Logical_Switch", id));
  }

  @Test
  void observesWhatWasCommitted() {
    commitAll();

    assertSettled();
    assertThat(tables().owners()).contains(vrf.owner(), segment.owner(), port.owner());
  }

  @Test
  void committingWhatAlreadyIsTakesNoNewGeneration() {
    commitVrf();
    long first = commitSegment();

    assertThat(commitSegment()).isEqualTo(first);
    assertThat(tables().observe(segment.owner()).generation()).isEqualTo(first);
  }

  @Test
  void eachChangeTakesANewGeneration() {
    commitVrf();
    long first = commitSegment();

    long second =
        commit(segment.owner(), tables().rendering().segment(Shapes.withoutDhcp(segment)));

    assertThat(second).isGreaterThan(first);
    assertThat(rows(segment.owner())).noneMatch(row -> row.table().equals("DHCP_Options"));
  }

  @Test
  void emptiesAColumnThatIsNotWantedAnyMore() {
    commitAll();
    PortShape quiet =
        new PortShape(
            port.owner(),
            networkUid,
            port.mac(),
            port.address(),
            false,
            List.of("h1"),
            Optional.empty());

    commit(port.owner(), tables().rendering().port(quiet));

    Row row = rows(port.owner()).iterator().next();
    assertThat(row.get("dhcpv4_options").isEmpty()).isTrue();
    assertThat(row.get("options")).hasToString("{requested-chassis=h1}");
  }

  @Test
  void deletesTheRowsOfOneOwnerOnly() {
    commitAll();

    commit(port.owner(), Set.of());

    assertThat(rows(port.owner())).isEmpty();
    assertThat(rows(segment.owner())).hasSize(6);
  }

  @Test
  void childrenWaitForTheirParentAndAreToldWhenItComes() {
    assertThatThrownBy(this::commitSegment).isInstanceOf(Unavailable.class);
    assertThat(rows(segment.owner())).isEmpty();
    told.clear();

    commitVrf();

    await().until(() -> told.contains(segment.owner()));
    commitSegment();
    assertThat(rows(segment.owner())).hasSize(6);
  }

  @Test
  void whoAsksForAMissingRowIsToldWhenItComes() {
    UUID router = tables().rendering().routerOf(vrfUid);
    assertThat(tables().missing(segment.owner(), Set.of(router))).containsExactly(router);
    told.clear();

    commitVrf();

    await().until(() -> told.contains(segment.owner()));
    assertThat(tables().missing(segment.owner(), Set.of(router))).isEmpty();
  }

  @Test
  void rowsLostWithTheirParentComeBackByTheSameComparison() {
    commitAll();
    told.clear();

    foreignHand().delete("Logical_Switch", switchOf(segment.name()).id());

    await().until(() -> told.contains(segment.owner()) && told.contains(port.owner()));
    assertThat(rows(port.owner())).isEmpty();
    assertThatThrownBy(this::commitPort).isInstanceOf(Unavailable.class);
    commitAll();
    assertSettled();
  }

  @Test
  void aColumnWrittenByAnotherHandIsSeenAndPutRight() {
    commitAll();
    UUID row = rowOf(port.owner(), "Logical_Switch_Port").id();
    told.clear();

    foreignHand().write("Logical_Switch_Port", row, "addresses", "02:00:00:00:00:99 10.9.9.9");

    await().until(() -> told.contains(port.owner()));
    assertThat(RowChange.between(tables().rendering().port(port), rows(port.owner())))
        .extracting(Object::toString)
        .containsExactly("update Logical_Switch_Port " + row + " [addresses]");
    commitAll();
    assertSettled();
  }

  @Test
  void aPortThatWasUnpluggedComesBack() {
    commitAll();
    Row row = rowOf(port.owner(), "Logical_Switch_Port");

    foreignHand().unplug(row);

    await().until(() -> rows(port.owner()).isEmpty());
    commitAll();
    assertSettled();
  }

  @Test
  void aMarkerThatWasErasedIsPutBack() {
    commitAll();
    Row row = switchOf(segment.name());

    foreignHand().eraseMarker("Logical_Switch", row.id());

    await().until(() -> rows(segment.owner()).size() < 6);
    commitAll();
    assertSettled();
  }

  @Test
  void foreignRowsOfTheSameNameAreReportedAndNeverTouched() {
    int before = tables().foreignSegments();
    UUID other = foreignHand().makeSwitch(segment.name());
    foreign.add(other);
    commitAll();

    await().untilAsserted(() -> assertThat(tables().foreignSegments()).isEqualTo(before + 1));
    await()
        .untilAsserted(() ->
            assertThat(tables().foreign("Logical_Switch", segment.name()))
                .extracting(ForeignRow::id)
                .contains(other)
                .doesNotContain(switchOf(segment.name()).id()));
    commit(port.owner(), Set.of());
    commit(segment.owner(), Set.of());
    assertThat(foreignHand().hasSwitch(other)).isTrue();
  }

  @Test
  void vlansOfOthersAreSeenAndOursAreNot() {
    UUID other = foreignHand().makeSwitch("legacy");
    foreign.add(other);
    foreignHand().connect(other, "physnet1", 302);
    foreignHand().connect(other, "physnet2", 303);
    commitAll();

    Set<String> ours = Set.of(networkUid);
    await().until(() -> tables().foreignVlans("physnet1", ours).containsKey(302));
    assertThat(tables().foreignVlans("physnet1", ours)).doesNotContainKeys(301, 303);
    assertThat(tables().foreignVlans("physnet1", ours).get(302)).contains("legacy-302", "not ours");
  }

  @Test
  void aVlanOfAnOwnerThatDoesNotExistIsForeign() {
    commitAll();
    await().until(() -> tables().foreignVlans("physnet1", Set.of("another")).containsKey(301));
  }

  @Test
  void refusesWhatCannotBeAndChangesNothing() {
    commitVrf();
    SegmentShape absurd = Shapes.segment(networkUid, vrfUid, 5000);

    assertThatThrownBy(() -> commit(segment.owner(), tables().rendering().segment(absurd)))
        .isInstanceOf(Rejection.class);
    assertThat(rows(segment.owner())).isEmpty();
  }

  @Test
  void everyLiveChassisReachesTheGeneration() {
    commitVrf();
    long generation = commitSegment();

    await()
        .untilAsserted(() ->
            assertThat(tables().chassis())
                .isNotEmpty()
                .allMatch(chassis -> chassis.generation() >= generation));
    await().until(() -> told.contains(segment.owner()));
  }

  @Test
  void aPortThatNobodyPluggedInIsBoundNowhere() {
    commitAll();

    assertThat(tables().binding(port.owner())).isEqualTo(Binding.NOWHERE);
  }

  @Test
  void aProbeHangsOnItsNetworksEmptySwitch() {
    commitProbed();

    Row balancer = rowOf(port.owner(), "Load_Balancer");
    Row check = rowOf(port.owner(), "Load_Balancer_Health_Check");
    assertThat(balancer.parent().map(Row.Parent::row))
        .hasValue(switchOf(segment.name() + "/probes").id());
    assertThat(check.parent().map(Row.Parent::row)).hasValue(balancer.id());
  }

  @Test
  void aProbeThatIsNotWantedAnyMoreGoesAndThePortStays() {
    commitProbed();

    commitPort();

    assertThat(rows(port.owner())).extracting(Row::table).containsExactly("Logical_Switch_Port");
  }

  @Test
  void aPortTakesItsProbeAlong() {
    commitProbed();

    commit(port.owner(), Set.of());

    assertThat(rows(port.owner())).isEmpty();
    assertThat(rows(segment.owner())).hasSize(6);
  }

  @Test
  void aProbeThatSomebodyTookFromItsSwitchIsHungThereAgain() {
    commitProbed();
    told.clear();
    foreignHand().unhookBalancer(rowOf(port.owner(), "Load_Balancer"));
    await()
        .until(() ->
            rows(port.owner()).stream()
                .anyMatch(row -> row.table().equals("Load_Balancer") && row.parent().isEmpty()));

    commitProbed();

    assertProbeStands();
  }

  @Test
  void aDeletedSwitchOfProbesComesBackWithThem() {
    commitProbed();
    foreignHand().delete("Logical_Switch", switchOf(segment.name() + "/probes").id());
    await().until(() -> rows(segment.owner()).size() == 5);

    commitProbed();

    assertProbeStands();
    assertThat(rows(segment.owner())).hasSize(6);
  }

  @Test
  void aDeletedProbeComesBack() {
    commitProbed();
    foreignHand().delete("Load_Balancer", rowOf(port.owner(), "Load_Balancer").id());
    await().until(() -> rows(port.owner()).size() == 1);

    commitProbed();

    assertProbeStands();
  }

  @Test
  void aGuestThatNobodyPluggedInAnswersNothing() {
    commitProbed();

    assertThat(tables().answers(port.owner(), 22)).isFalse();
  }

  private void commitProbed() {
    commitVrf();
    commitSegment();
    commit(port.owner(), tables().rendering().port(Shapes.probed(port, 22)));
  }

  private void assertProbeStands() {
    Set<Row> wanted = tables().rendering().port(Shapes.probed(port, 22));
    assertThat(RowChange.between(wanted, rows(port.owner()))).isEmpty();
  }

  private Row switchOf(String name) {
    return rows(segment.owner()).stream()
        .filter(row -> row.table().equals("Logical_Switch"))
        .filter(row -> row.get("name").equals(Value.text(name)))
        .findFirst()
        .orElseThrow();
  }

  private void commitAll() {
    commitVrf();
    commitSegment();
    commitPort();
  }

  private long commitVrf() {
    return commit(vrf.owner(), tables().rendering().vrf(vrf));
  }

  private long commitSegment() {
    return commit(segment.owner(), tables().rendering().segment(segment));
  }

  private long commitPort() {
    return commit(port.owner(), tables().rendering().port(port));
  }

  private long commit(Ownership owner, Set<Row> rows) {
    return tables().commit(owner, rows, DEADLINE);
  }

  private Set<Row> rows(Ownership owner) {
    return tables().observe(owner).rows();
  }

  private Row rowOf(Ownership owner, String table) {
    return rows(owner).stream().filter(row -> row.table().equals(table)).findFirst().orElseThrow();
  }

  private void assertSettled() {
    Rendering rendering = tables().rendering();
    assertThat(RowChange.between(rendering.vrf(vrf), rows(vrf.owner()))).isEmpty();
    assertThat(RowChange.between(rendering.segment(segment), rows(segment.owner()))).isEmpty();
    assertThat(RowChange.between(rendering.port(port), rows(port.owner()))).isEmpty();
  }
}
