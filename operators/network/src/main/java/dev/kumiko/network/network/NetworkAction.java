package dev.kumiko.network.network;

import dev.kumiko.network.claim.ClaimName;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.RowChange;
import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Ownership;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Everything that can be done to a network. */
sealed interface NetworkAction extends Action {

  /** Takes a prefix, a VLAN, addresses; none of them when another had the first before. */
  record Take(String target, Ownership owner, List<ClaimName> claims) implements NetworkAction {
    @Override
    public String describe() {
      return "claim " + claims.stream().map(ClaimName::name).collect(Collectors.joining(", "));
    }
  }

  /** Gives a prefix or a VLAN back. */
  record Release(String target, Ownership owner, ClaimName claim) implements NetworkAction {
    @Override
    public String describe() {
      return "release " + claim.name();
    }
  }

  /**
   * Makes the fabric's rows equal to these.
   *
   * @param under the claims that must be held for it
   */
  record Program(
      String target,
      String fabric,
      Ownership owner,
      List<ClaimName> under,
      Set<Row> rows,
      List<RowChange> changes)
      implements NetworkAction {
    @Override
    public String describe() {
      return target + ": " + RowChange.describe(changes);
    }
  }

  /** Takes all rows from the fabric. */
  record Withdraw(String target, String fabric, Ownership owner, List<RowChange> changes)
      implements NetworkAction {
    @Override
    public String describe() {
      return target + ": " + RowChange.describe(changes);
    }
  }
}
