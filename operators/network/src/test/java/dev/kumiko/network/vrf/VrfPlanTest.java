package dev.kumiko.network.vrf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.network.Worlds;
import dev.kumiko.network.fabric.InMemoryFabricTables;
import dev.kumiko.network.fabric.InMemoryFabrics;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.RowChange;
import dev.kumiko.network.fabric.Shapes;
import dev.kumiko.network.fabric.Value;
import dev.kumiko.network.fabric.VrfShape;
import dev.kumiko.network.fabric.ovn.OvnRendering;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.v1alpha1.Vrf;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VrfPlanTest {
  private static final VrfShape SHAPE = Shapes.vrf("uid-3");
  private static final DesiredVrf ASKED = new DesiredVrf("main", SHAPE);
  private static final OvnRendering RENDERING = new OvnRendering();
  private final VrfPlan plan = new VrfPlan(RENDERING);

  @Test
  void aMissingRouterIsInserted() {
    assertThat(changes(new Desired.Present<>(ASKED), Set.of()))
        .containsExactly("insert Logical_Router " + RENDERING.routerOf("uid-3"));
  }

  @Test
  void aRenamedRouterGetsItsNameBack() {
    assertThat(changes(new Desired.Present<>(ASKED), Set.of(renamed("other"))))
        .containsExactly("update Logical_Router " + RENDERING.routerOf("uid-3") + " [name]");
  }

  @Test
  void aRouterThatIsRightIsLeftAlone() {
    assertThat(changes(new Desired.Present<>(ASKED), RENDERING.vrf(SHAPE))).isEmpty();
  }

  @Test
  void deletionTakesTheRouterAwayAndThenNothing() {
    assertThat(changes(new Desired.Absent<>(ASKED), RENDERING.vrf(SHAPE)))
        .containsExactly("delete Logical_Router " + RENDERING.routerOf("uid-3"));
    assertThat(changes(new Desired.Absent<>(ASKED), Set.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void convergesFromAnyState(long seed) {
    Random random = new Random(seed);
    Set<Row> rows =
        switch (random.nextInt(3)) {
          case 0 -> Set.of();
          case 1 -> Set.of(renamed("r" + random.nextInt()));
          default -> RENDERING.vrf(SHAPE);
        };
    Desired<DesiredVrf> desired =
        random.nextBoolean() ? new Desired.Present<>(ASKED) : new Desired.Absent<>(ASKED);

    for (VrfAction action : plan.plan(desired, observed(rows))) {
      rows =
          switch (action) {
            case VrfAction.Program program -> program.rows();
          };
    }

    assertThat(plan.plan(desired, observed(rows))).isEmpty();
  }

  private static Row renamed(String name) {
    Row row = RENDERING.vrf(SHAPE).iterator().next();
    Map<String, Value> columns = new HashMap<>(row.columns());
    columns.put("name", Value.text(name));
    return Row.root(row.table(), row.id(), columns);
  }

  private List<String> changes(Desired<DesiredVrf> desired, Set<Row> rows) {
    return plan.plan(desired, observed(rows)).stream()
        .flatMap(action ->
            switch (action) {
              case VrfAction.Program program -> program.changes().stream();
            })
        .map(RowChange::toString)
        .toList();
  }

  private static ObservedVrf observed(Set<Row> rows) {
    return new ObservedVrf("ovn/main", rows, List.of());
  }

  @Test
  void aVrfWhoseFabricNeverExistedIsSeenAsNothingWithoutAskingIt() {
    InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
    InMemoryFabrics fabrics = new InMemoryFabrics(new InMemoryFabricTables("h1"));
    fabrics.down(true);
    VrfKind kind = new VrfKind(cluster, fabrics);
    cluster.create(Worlds.vrf());
    Vrf vrf = cluster.list(Vrf.class).getFirst();
    DesiredVrf asked =
        new DesiredVrf("nowhere", new VrfShape(Ownership.of(vrf), vrf.getSpec().tenant()));
    assertThat(kind.plan(new Desired.Absent<>(asked), kind.observe(vrf, asked))).isEmpty();
  }
}
