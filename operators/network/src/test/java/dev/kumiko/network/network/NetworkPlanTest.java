package dev.kumiko.network.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.network.address.Prefix;
import dev.kumiko.network.claim.ClaimName;
import dev.kumiko.network.claim.Holding;
import dev.kumiko.network.fabric.Chassis;
import dev.kumiko.network.fabric.FabricHealth;
import dev.kumiko.network.fabric.OwnedRows;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.SegmentShape;
import dev.kumiko.network.fabric.ovn.OvnRendering;
import dev.kumiko.network.network.ObservedNetwork.Member;
import dev.kumiko.network.network.ObservedNetwork.OnFabric;
import dev.kumiko.network.network.ObservedNetwork.OwnAddresses;
import dev.kumiko.network.network.ObservedNetwork.SubnetClaim;
import dev.kumiko.network.network.ObservedNetwork.VlanClaim;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.v1alpha1.Fabric;
import dev.kumiko.v1alpha1.Network;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkPlanTest {
  private static final Ownership OWNER = new Ownership("Network", "acme", "web", "uid-7");
  private static final OvnRendering RENDERING = new OvnRendering();
  private static final OwnAddresses NO_ADDRESSES = addresses(Set.of());
  private static final OwnAddresses BOTH_ADDRESSES =
      addresses(Set.of(Prefix.number("10.1.1.1"), Prefix.number("10.1.1.254")));
  private final NetworkPlan plan = new NetworkPlan(RENDERING);

  @Test
  void claimsAllThatItNeedsAndLooksAgainBeforeItPrograms() {
    assertThat(describe(present(network(Optional.empty())), nothing()))
        .containsExactly(
            "claim subnet.main.10.1.1.0-24, vlan.main.101, ip.main.10.1.1.1, ip.main.10.1.1.254");
  }

  @Test
  void claimsItsPrefixAloneWhileNoVlanIsLeft() {
    ObservedNetwork observed =
        observed(new Holding.Free(), Optional.empty(), Set.of(101, 102, 103, 201, 202), Set.of());

    assertThat(describe(present(network(Optional.empty())), observed))
        .containsExactly("claim subnet.main.10.1.1.0-24");
  }

  @Test
  void claimsAVlanThenPrograms() {
    assertThat(describe(present(network(Optional.empty())), prefixOnly()))
        .containsExactly(
            "claim vlan.main.101, ip.main.10.1.1.1, ip.main.10.1.1.254", "ovn/main: 6 rows");
  }

  @Test
  void takesTheFirstVlanThatNobodyHas() {
    ObservedNetwork observed =
        observed(new Holding.Mine(), Optional.empty(), Set.of(101, 102, 103, 201), Set.of());

    assertThat(describe(present(network(Optional.empty())), observed))
        .first()
        .asString()
        .startsWith("claim vlan.main.202,");
  }

  @Test
  void takesTheVlanThatTheUserChose() {
    assertThat(describe(present(network(Optional.of(103))), prefixOnly()))
        .first()
        .asString()
        .startsWith("claim vlan.main.103,");
  }

  @Test
  void waitsWhenNoVlanIsLeft() {
    ObservedNetwork observed =
        observed(new Holding.Mine(), Optional.empty(), Set.of(101, 102, 103, 201, 202), Set.of());

    assertThat(describe(present(network(Optional.empty())), observed)).isEmpty();
    assertThat(NetworkReport.readiness(network(Optional.empty()), observed).reason())
        .isEqualTo("VlansExhausted");
  }

  @Test
  void neverTakesAChosenVlanFromAnother() {
    ObservedNetwork observed =
        new ObservedNetwork(
            new SubnetClaim(new Holding.Mine(), List.of()),
            new VlanClaim(Optional.empty(), Set.of(103), Optional.of("Network other/db")),
            NO_ADDRESSES,
            fabric(Set.of(), true));

    assertThat(describe(present(network(Optional.of(103))), observed)).isEmpty();
    assertThat(NetworkReport.readiness(network(Optional.of(103)), observed))
        .isInstanceOf(Readiness.Stalled.class)
        .hasToString(
            "Stalled[reason=VlanTaken, message=spec.vlan 103 belongs to Network other/db: choose"
                + " another or leave spec.vlan out]");
  }

  @Test
  void refusesAPrefixThatOverlapsAnOlderOne() {
    ObservedNetwork observed =
        new ObservedNetwork(
            new SubnetClaim(new Holding.Free(), List.of("10.0.0.0/8 of Network other/db")),
            new VlanClaim(Optional.empty(), Set.of(), Optional.empty()),
            NO_ADDRESSES,
            fabric(Set.of(), true));

    assertThat(describe(present(network(Optional.empty())), observed)).isEmpty();
    assertThat(NetworkReport.readiness(network(Optional.empty()), observed).message())
        .startsWith("spec.subnets[0].cidr 10.1.1.0/24 overlaps 10.0.0.0/8 of Network other/db");
  }

  @Test
  void givesItsPrefixBackWhenAnOlderClaimOverlaps() {
    ObservedNetwork observed =
        new ObservedNetwork(
            new SubnetClaim(new Holding.Mine(), List.of("10.0.0.0/8 of Network other/db")),
            new VlanClaim(Optional.empty(), Set.of(), Optional.empty()),
            NO_ADDRESSES,
            fabric(Set.of(), true));

    assertThat(describe(present(network(Optional.empty())), observed))
        .containsExactly("release subnet.main.10.1.1.0-24");
  }

  @Test
  void givesItsVlanBackTooWhenItWasNeverProgrammed() {
    ObservedNetwork observed = overlapped(Set.of());

    assertThat(describe(present(network(Optional.empty())), observed))
        .containsExactly(
            "release ip.main.10.1.1.1",
            "release ip.main.10.1.1.254",
            "release vlan.main.102",
            "release subnet.main.10.1.1.0-24");
    assertThat(NetworkReport.readiness(network(Optional.empty()), observed).reason())
        .isEqualTo("SubnetOverlap");
  }

  @Test
  void neverGivesWayOnceItIsProgrammed() {
    Set<Row> rows = RENDERING.segment(network(Optional.empty()).shape(102));

    assertThat(describe(present(network(Optional.empty())), overlapped(rows))).isEmpty();
    assertThat(NetworkReport.readiness(network(Optional.empty()), overlapped(rows)).reason())
        .isNotEqualTo("SubnetOverlap");
  }

  private static ObservedNetwork overlapped(Set<Row> rows) {
    return new ObservedNetwork(
        new SubnetClaim(new Holding.Mine(), List.of("10.0.0.0/8 of Network other/db")),
        new VlanClaim(Optional.of(102), Set.of(), Optional.empty()),
        BOTH_ADDRESSES,
        fabric(rows, true));
  }

  @Test
  void routesAreSaidWithoutHostBits() {
    DesiredNetwork plain = network(Optional.empty());
    Network.Subnet subnet =
        new Network.Subnet(
            "10.1.1.0/24",
            null,
            List.of(),
            List.of(),
            List.of(),
            List.of(new Network.Route("10.20.1.1/16", "10.1.1.9")));
    DesiredNetwork network =
        new DesiredNetwork(OWNER, plain.place(), plain.prefix(), subnet, plain.options());

    assertThat(network.shape(102).routes())
        .containsExactly(new SegmentShape.Route("10.20.0.0/16", "10.1.1.9"));
  }

  @Test
  void waitsForTheRouterBeforeItPrograms() {
    ObservedNetwork observed =
        new ObservedNetwork(
            new SubnetClaim(new Holding.Mine(), List.of()),
            new VlanClaim(Optional.of(102), Set.of(), Optional.empty()),
            BOTH_ADDRESSES,
            fabric(Set.of(), false));

    assertThat(describe(present(network(Optional.empty())), observed)).isEmpty();
    assertThat(NetworkReport.readiness(network(Optional.empty()), observed).reason())
        .isEqualTo("VrfNotReady");
  }

  @Test
  void takesRowsAwayBeforeItReleasesClaims() {
    Set<Row> rows = RENDERING.segment(network(Optional.empty()).shape(102));
    ObservedNetwork observed = observed(new Holding.Mine(), Optional.of(102), Set.of(), rows);

    assertThat(describe(new Desired.Absent<>(network(Optional.empty())), observed))
        .containsExactly(
            "ovn/main: 6 rows", "release vlan.main.102", "release subnet.main.10.1.1.0-24");
  }

  @Test
  void isReadyOnlyWhenAllLiveHostsHaveProgrammedIt() {
    Set<Row> rows = RENDERING.segment(network(Optional.empty()).shape(102));

    assertThat(ready(rows, host("h1", 7, true), host("h2", 6, true)))
        .isInstanceOf(Readiness.Waiting.class)
        .extracting(Readiness::message)
        .isEqualTo("programmed on 1 of 2 live hosts");
    assertThat(ready(rows, host("h1", 7, true), host("h2", 8, true)))
        .isEqualTo(new Readiness.Ready("programmed on 2 of 2 live hosts"));
    assertThat(ready(rows, host("h1", 7, true), host("h2", 6, false)))
        .isEqualTo(new Readiness.Ready("programmed on 1 of 1 live hosts (silent: h2)"));
  }

  @Test
  void aHostThatIsNotOnTheFabricIsNamedAndDoesNotCount() {
    Set<Row> rows = RENDERING.segment(network(Optional.empty()).shape(102));
    Member h5 = new Member("h5", Optional.empty());

    assertThat(ready(rows, host("h1", 7, true), h5))
        .isEqualTo(new Readiness.Ready("programmed on 1 of 1 live hosts (not on the fabric: h5)"));
    assertThat(ready(rows, host("h1", 7, true), host("h2", 6, false), host("h3", 6, false), h5))
        .extracting(Readiness::message)
        .isEqualTo("programmed on 1 of 1 live hosts (silent: h2, h3; not on the fabric: h5)");
  }

  @Test
  void isNotReadyWhileNoHostIsLive() {
    Set<Row> rows = RENDERING.segment(network(Optional.empty()).shape(102));

    assertThat(ready(rows).reason()).isEqualTo("NoLiveHosts");
    assertThat(ready(rows, host("h2", 6, false), new Member("h5", Optional.empty())))
        .extracting(Readiness::message)
        .isEqualTo(
            "no Host follows the fabric: declare Hosts, set their spec.chassis or start"
                + " ovn-controller there (silent: h2; not on the fabric: h5)");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void convergesFromAnyState(long seed) {
    Random random = new Random(seed);
    DesiredNetwork network = network(random.nextBoolean() ? Optional.of(201) : Optional.empty());
    Desired<DesiredNetwork> desired =
        random.nextInt(4) == 0 ? new Desired.Absent<>(network) : present(network);
    Imagined world = Imagined.random(random, network);

    for (int round = 0; round < 8; round++) {
      List<NetworkAction> actions = plan.plan(desired, world.observed());
      actions.forEach(world::apply);
    }

    assertThat(plan.plan(desired, world.observed())).isEmpty();
    if (desired instanceof Desired.Absent<DesiredNetwork>) {
      assertThat(world.claims).isEmpty();
      assertThat(world.rows).isEmpty();
    } else {
      assertThat(world.rows)
          .isEqualTo(RENDERING.segment(network.shape(world.vlan().orElseThrow())));
    }
  }

  /** A world that obeys actions. */
  private static final class Imagined {
    final Set<String> claims = new HashSet<>();
    Set<Row> rows = Set.of();

    static Imagined random(Random random, DesiredNetwork network) {
      Imagined world = new Imagined();
      if (random.nextBoolean()) {
        world.claims.add("subnet.main.10.1.1.0-24");
      }
      if (random.nextBoolean()) {
        int vlan = network.options().fixedVlan().orElse(102);
        world.claims.add("vlan.main." + vlan);
        List<Row> some =
            RENDERING.segment(network.shape(random.nextBoolean() ? vlan : 103)).stream()
                .filter(row -> random.nextInt(3) > 0)
                .toList();
        world.rows = Set.copyOf(some);
      }
      return world;
    }

    Optional<Integer> vlan() {
      return claims.stream()
          .filter(name -> name.startsWith("vlan.main."))
          .map(name -> Integer.valueOf(name.substring("vlan.main.".length())))
          .findFirst();
    }

    ObservedNetwork observed() {
      Holding subnet =
          claims.contains("subnet.main.10.1.1.0-24") ? new Holding.Mine() : new Holding.Free();
      return new ObservedNetwork(
          new SubnetClaim(subnet, List.of()),
          new VlanClaim(vlan(), Set.of(), Optional.empty()),
          addresses(
              claims.stream()
                  .filter(name -> name.startsWith("ip.main."))
                  .map(name -> Prefix.number(name.substring("ip.main.".length())))
                  .collect(Collectors.toSet())),
          fabric(rows, true));
    }

    void apply(NetworkAction action) {
      switch (action) {
        case NetworkAction.Take take -> take.claims().forEach(claim -> claims.add(claim.name()));
        case NetworkAction.Release release -> claims.remove(release.claim().name());
        case NetworkAction.Program program -> {
          assertThat(program.under()).hasSize(4).allMatch(c -> claims.contains(c.name()));
          rows = program.rows();
        }
        case NetworkAction.Withdraw _ -> rows = Set.of();
      }
    }
  }

  private static Readiness ready(Set<Row> rows, Member... hosts) {
    OnFabric fabric =
        new OnFabric(
            "ovn/main",
            "physnet1",
            new OwnedRows(rows, 7),
            true,
            List.of(hosts),
            List.of(),
            Optional.empty(),
            FabricHealth.UNKNOWN);
    return NetworkReport.readiness(
        network(Optional.empty()),
        new ObservedNetwork(
            new SubnetClaim(new Holding.Mine(), List.of()),
            new VlanClaim(Optional.of(102), Set.of(), Optional.empty()),
            BOTH_ADDRESSES,
            fabric));
  }

  private static Member host(String name, long generation, boolean live) {
    Chassis chassis = new Chassis("rack1-" + name, name, generation, live, Set.of("physnet1"));
    return new Member(name, Optional.of(chassis));
  }

  private List<String> describe(Desired<DesiredNetwork> desired, ObservedNetwork observed) {
    return plan.plan(desired, observed).stream()
        .map(action ->
            switch (action) {
              case NetworkAction.Program p -> p.target() + ": " + p.changes().size() + " rows";
              case NetworkAction.Withdraw w -> w.target() + ": " + w.changes().size() + " rows";
              case NetworkAction.Take _, NetworkAction.Release _ -> action.describe();
            })
        .toList();
  }

  private static Desired<DesiredNetwork> present(DesiredNetwork network) {
    return new Desired.Present<>(network);
  }

  private static OwnAddresses addresses(Set<Long> mine) {
    Set<Long> stale = new HashSet<>(mine);
    stale.removeAll(List.of(Prefix.number("10.1.1.1"), Prefix.number("10.1.1.254")));
    return new OwnAddresses(
        new Holding.Free(), Optional.of(Prefix.number("10.1.1.254")), mine, stale);
  }

  @Test
  void givesAnAddressBackThatNothingNeedsAnyMore() {
    Set<Long> mine =
        Set.of(Prefix.number("10.1.1.1"), Prefix.number("10.1.1.253"), Prefix.number("10.1.1.254"));
    Set<Row> rows = RENDERING.segment(network(Optional.empty()).shape(102));
    ObservedNetwork observed =
        new ObservedNetwork(
            new SubnetClaim(new Holding.Mine(), List.of()),
            new VlanClaim(Optional.of(102), Set.of(), Optional.empty()),
            addresses(mine),
            fabric(rows, true));

    assertThat(describe(present(network(Optional.empty())), observed))
        .containsExactly("release ip.main.10.1.1.253");
  }

  private static ObservedNetwork nothing() {
    return observed(new Holding.Free(), Optional.empty(), Set.of(), Set.of());
  }

  private static ObservedNetwork prefixOnly() {
    return observed(new Holding.Mine(), Optional.empty(), Set.of(), Set.of());
  }

  private static ObservedNetwork observed(
      Holding subnet, Optional<Integer> vlan, Set<Integer> taken, Set<Row> rows) {
    return new ObservedNetwork(
        new SubnetClaim(subnet, List.of()),
        new VlanClaim(vlan, taken, Optional.empty()),
        NO_ADDRESSES,
        fabric(rows, true));
  }

  private static OnFabric fabric(Set<Row> rows, boolean isRouted) {
    return new OnFabric(
        "ovn/main",
        "physnet1",
        new OwnedRows(rows, 7),
        isRouted,
        List.of(),
        List.of(),
        Optional.empty(),
        FabricHealth.UNKNOWN);
  }

  private static DesiredNetwork network(Optional<Integer> vlan) {
    Network.Subnet subnet =
        new Network.Subnet("10.1.1.0/24", null, List.of(), List.of(), List.of(), List.of());
    return new DesiredNetwork(
        OWNER,
        new DesiredNetwork.Place(
            "main",
            "acme",
            "vrf-uid",
            "physnet1",
            List.of(new Fabric.VlanRange(101, 103), new Fabric.VlanRange(201, 202))),
        Prefix.of("10.1.1.0/24"),
        subnet,
        new DesiredNetwork.Options(vlan, 1500, true));
  }

  @Test
  void namesOfClaimsAreValidObjectNames() {
    assertThat(IntStream.of(2, 4094).mapToObj(vlan -> ClaimName.vlan("main", vlan).name()).toList())
        .allMatch(name -> name.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?"));
    assertThat(ClaimName.mac("main", "0a:00:00:00:00:07").name())
        .isEqualTo("mac.main.0a-00-00-00-00-07");
  }
}
