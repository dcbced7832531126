package dev.kumiko.network.port;

import dev.kumiko.network.claim.ClaimName;
import dev.kumiko.network.claim.Holding;
import dev.kumiko.network.fabric.Rendering;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.RowChange;
import dev.kumiko.reconcile.Desired;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Claims first, then rows; on the way back the other way round. Pure.
 *
 * <p>All actions share one target, so that nothing is programmed after a claim failed and nothing
 * is released while rows may still stand.
 */
record PortPlan(Rendering rendering) {

  List<PortAction> plan(Desired<DesiredPort> desired, ObservedPort observed) {
    return switch (desired) {
      case Desired.Present<DesiredPort>(var port) -> toPresent(port, observed);
      case Desired.Absent<DesiredPort>(var port) -> toAbsent(port, observed);
      case Desired.Blocked<DesiredPort> _ -> List.of();
    };
  }

  private List<PortAction> toPresent(DesiredPort port, ObservedPort observed) {
    String target = observed.fabric().endpoint();
    String fabric = port.segment().fabric();
    Optional<Long> address = observed.address().mine().or(() -> choice(port, observed.address()));
    if (address.isEmpty() || observed.mac().fixed() instanceof Holding.Taken) {
      return List.of();
    }
    List<PortAction> actions = new ArrayList<>();
    List<ClaimName> under = new ArrayList<>(List.of(ClaimName.address(fabric, address.get())));
    List<ClaimName> missing = new ArrayList<>();
    if (observed.address().mine().isEmpty()) {
      missing.add(under.getFirst());
    }
    if (port.fixedMac().isPresent()) {
      ClaimName mac = ClaimName.mac(fabric, port.fixedMac().get());
      under.add(mac);
      if (observed.mac().fixed() instanceof Holding.Free) {
        missing.add(mac);
      }
    }
    if (!missing.isEmpty()) {
      actions.add(new PortAction.Take(target, port.owner(), missing));
    }
    Set<Row> rows = rendering.port(port.shape(address.get()));
    List<RowChange> changes = RowChange.between(rows, observed.fabric().owned().rows());
    if (!changes.isEmpty() && observed.fabric().isGrounded()) {
      actions.add(new PortAction.Program(target, fabric, port.owner(), under, rows, changes));
    }
    return actions;
  }

  private static Optional<Long> choice(DesiredPort port, ObservedPort.AddressClaim addresses) {
    if (port.fixedAddress().isPresent()) {
      return port.fixedAddress().filter(address -> addresses.fixedBy().isEmpty());
    }
    return port.segment()
        .pool()
        .free(port.owner().uid().hashCode(), address -> addresses.taken().contains(address));
  }

  private static List<PortAction> toAbsent(DesiredPort port, ObservedPort observed) {
    String target = observed.fabric().endpoint();
    String fabric = port.segment().fabric();
    List<PortAction> actions = new ArrayList<>();
    List<RowChange> changes = RowChange.between(Set.of(), observed.fabric().owned().rows());
    if (!changes.isEmpty()) {
      actions.add(new PortAction.Withdraw(target, fabric, port.owner(), changes));
    }
    observed
        .address()
        .mine()
        .map(address -> ClaimName.address(fabric, address))
        .ifPresent(c -> actions.add(new PortAction.Release(target, port.owner(), c)));
    observed
        .mac()
        .mine()
        .map(mac -> ClaimName.mac(fabric, mac))
        .ifPresent(c -> actions.add(new PortAction.Release(target, port.owner(), c)));
    return actions;
  }
}
