package dev.kumiko.network.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.network.address.AddressPool;
import dev.kumiko.network.address.Prefix;
import dev.kumiko.network.claim.Holding;
import dev.kumiko.network.fabric.Binding;
import dev.kumiko.network.fabric.FabricHealth;
import dev.kumiko.network.fabric.OwnedRows;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.ovn.OvnRendering;
import dev.kumiko.network.port.ObservedPort.AddressClaim;
import dev.kumiko.network.port.ObservedPort.MacClaim;
import dev.kumiko.network.port.ObservedPort.OnFabric;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Ownership;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PortPlanTest {
  private static final OvnRendering RENDERING = new OvnRendering();
  private static final String MAC = "0a:00:00:00:00:01";
  private static final long NINE = Prefix.number("10.1.1.9");
  private final PortPlan plan = new PortPlan(RENDERING);

  @Test
  void claimsThenPrograms() {
    DesiredPort port = port(Optional.of(NINE), Optional.of(MAC));

    assertThat(describe(new Desired.Present<>(port), new Imagined().observed(port)))
        .containsExactly("claim ip.main.10.1.1.9, mac.main.0a-00-00-00-00-01", "ovn/main: 1 rows");
  }

  @Test
  void aGeneratedMacNeedsNoClaim() {
    DesiredPort port = port(Optional.of(NINE), Optional.empty());

    assertThat(describe(new Desired.Present<>(port), new Imagined().observed(port)))
        .containsExactly("claim ip.main.10.1.1.9", "ovn/main: 1 rows");
  }

  @Test
  void claimsItsAddressButProgramsNothingBeforeTheSegmentIsThere() {
    DesiredPort port = port(Optional.of(NINE), Optional.empty());
    Imagined world = new Imagined();
    world.isGrounded = false;

    assertThat(describe(new Desired.Present<>(port), world.observed(port)))
        .containsExactly("claim ip.main.10.1.1.9");
  }

  @Test
  void takesNothingThatBelongsToAnother() {
    DesiredPort port = port(Optional.of(NINE), Optional.of(MAC));
    OnFabric fabric = new Imagined().observed(port).fabric();
    AddressClaim free = new AddressClaim(Optional.empty(), Set.of(), Optional.empty());
    AddressClaim taken =
        new AddressClaim(Optional.empty(), Set.of(NINE), Optional.of("Port acme/other"));

    assertThat(
            plan.plan(
                new Desired.Present<>(port),
                new ObservedPort(
                    taken, new MacClaim(new Holding.Free(), Optional.empty()), fabric)))
        .isEmpty();
    assertThat(
            plan.plan(
                new Desired.Present<>(port),
                new ObservedPort(
                    free,
                    new MacClaim(new Holding.Taken("Port acme/other"), Optional.empty()),
                    fabric)))
        .isEmpty();
  }

  @Test
  void takesRowsAwayBeforeItReleasesClaims() {
    DesiredPort port = port(Optional.of(NINE), Optional.of(MAC));
    Imagined world = new Imagined();
    world.claims.addAll(Set.of("ip.main.10.1.1.9", "mac.main.0a-00-00-00-00-01"));
    world.rows = RENDERING.port(port.shape(NINE));

    assertThat(describe(new Desired.Absent<>(port), world.observed(port)))
        .containsExactly(
            "ovn/main: 1 rows", "release ip.main.10.1.1.9", "release mac.main.0a-00-00-00-00-01");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void convergesFromAnyState(long seed) {
    Random random = new Random(seed);
    DesiredPort port =
        port(
            random.nextBoolean() ? Optional.of(NINE) : Optional.empty(),
            random.nextBoolean() ? Optional.of(MAC) : Optional.empty());
    Desired<DesiredPort> desired =
        random.nextInt(4) == 0 ? new Desired.Absent<>(port) : new Desired.Present<>(port);
    Imagined world = new Imagined();
    if (random.nextBoolean()) {
      world.claims.add("ip.main.10.1.1.9");
      world.rows =
          random.nextBoolean() ? RENDERING.port(port.shape(NINE + random.nextInt(2))) : Set.of();
    }

    for (int round = 0; round < 8; round++) {
      plan.plan(desired, world.observed(port)).forEach(world::apply);
    }

    assertThat(plan.plan(desired, world.observed(port))).isEmpty();
    if (desired instanceof Desired.Absent<DesiredPort>) {
      assertThat(world.claims).isEmpty();
      assertThat(world.rows).isEmpty();
    } else {
      assertThat(world.rows).isEqualTo(RENDERING.port(port.shape(world.address().orElseThrow())));
    }
  }

  /** A world that obeys actions. */
  private static final class Imagined {
    final Set<String> claims = new HashSet<>();
    Set<Row> rows = Set.of();
    boolean isGrounded = true;

    Optional<Long> address() {
      return claims.stream()
          .filter(name -> name.startsWith("ip.main."))
          .map(name -> Prefix.number(name.substring("ip.main.".length())))
          .findFirst();
    }

    ObservedPort observed(DesiredPort port) {
      boolean hasMac = claims.contains("mac.main.0a-00-00-00-00-01");
      Holding holding =
          port.fixedMac().isEmpty() || hasMac ? new Holding.Mine() : new Holding.Free();
      return new ObservedPort(
          new AddressClaim(address(), Set.of(), Optional.empty()),
          new MacClaim(holding, port.fixedMac().filter(mac -> hasMac)),
          new OnFabric(
              "ovn/main",
              "physnet1",
              new OwnedRows(rows, 3),
              isGrounded,
              List.of(),
              Binding.NOWHERE,
              false,
              FabricHealth.UNKNOWN));
    }

    void apply(PortAction action) {
      switch (action) {
        case PortAction.Take take -> take.claims().forEach(claim -> claims.add(claim.name()));
        case PortAction.Release release -> claims.remove(release.claim().name());
        case PortAction.Program program -> {
          assertThat(program.under()).allMatch(claim -> claims.contains(claim.name()));
          rows = program.rows();
        }
        case PortAction.Withdraw _ -> rows = Set.of();
      }
    }
  }

  private List<String> describe(Desired<DesiredPort> desired, ObservedPort observed) {
    return plan.plan(desired, observed).stream()
        .map(action ->
            switch (action) {
              case PortAction.Program p -> p.target() + ": " + p.changes().size() + " rows";
              case PortAction.Withdraw w -> w.target() + ": " + w.changes().size() + " rows";
              case PortAction.Take _, PortAction.Release _ -> action.describe();
            })
        .toList();
  }

  private static DesiredPort port(Optional<Long> address, Optional<String> mac) {
    AddressPool pool =
        new AddressPool(
            Prefix.of("10.1.1.0/24"),
            Prefix.number("10.1.1.1"),
            Prefix.number("10.1.1.254"),
            List.of(),
            Set.of());
    return new DesiredPort(
        new Ownership("Port", "acme", "vm-0", "uid-9"),
        new DesiredPort.Segment("main", "physnet1", "web", "uid-7", pool, 101, 1500, true),
        address,
        mac,
        List.of(new DesiredPort.Place("h1", "h1")),
        Optional.empty());
  }
}
