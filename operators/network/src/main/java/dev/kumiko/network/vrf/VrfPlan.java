package dev.kumiko.network.vrf;

import dev.kumiko.network.fabric.Rendering;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.RowChange;
import dev.kumiko.reconcile.Desired;
import java.util.List;
import java.util.Set;

/** Which row changes lead to the desired routing domain. Pure. */
record VrfPlan(Rendering rendering) {

  List<VrfAction> plan(Desired<DesiredVrf> desired, ObservedVrf observed) {
    return switch (desired) {
      case Desired.Present<DesiredVrf>(var vrf) ->
          actions(vrf, rendering.vrf(vrf.shape()), observed);
      case Desired.Absent<DesiredVrf>(var vrf) -> actions(vrf, Set.of(), observed);
      case Desired.Blocked<DesiredVrf> _ -> List.of();
    };
  }

  private static List<VrfAction> actions(DesiredVrf vrf, Set<Row> rows, ObservedVrf observed) {
    List<RowChange> changes = RowChange.between(rows, observed.rows());
    return changes.isEmpty()
        ? List.of()
        : List.of(
            new VrfAction.Program(
                observed.endpoint(), vrf.fabric(), vrf.shape().owner(), rows, changes));
  }
}
