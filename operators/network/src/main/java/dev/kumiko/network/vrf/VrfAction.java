package dev.kumiko.network.vrf;

import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.RowChange;
import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Ownership;
import java.util.List;
import java.util.Set;

/** Everything that can be done to a routing domain. */
sealed interface VrfAction extends Action {

  /** Makes the fabric's rows equal to these. */
  record Program(
      String target, String fabric, Ownership owner, Set<Row> rows, List<RowChange> changes)
      implements VrfAction {
    @Override
    public String describe() {
      return target + ": " + RowChange.describe(changes);
    }
  }
}
