package dev.kumiko.network.network;

import dev.kumiko.network.claim.ClaimName;
import dev.kumiko.network.claim.Holding;
import dev.kumiko.network.fabric.Rendering;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.RowChange;
import dev.kumiko.network.network.ObservedNetwork.OwnAddresses;
import dev.kumiko.reconcile.Desired;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The claims first: prefix, VLAN, the network's own addresses; then the rows; on the way back the
 * other way round. Pure.
 *
 * <p>Two prefixes that overlap are two claims, and both may be taken at once: only who looks again
 * after taking sees whose is older, so nothing is programmed in the round that takes the prefix.
 *
 * <p>All actions share one target, so that nothing is programmed after a claim failed and nothing
 * is released while rows may still stand.
 */
record NetworkPlan(Rendering rendering) {

  List<NetworkAction> plan(Desired<DesiredNetwork> desired, ObservedNetwork observed) {
    return switch (desired) {
      case Desired.Present<DesiredNetwork>(var network) -> toPresent(network, observed);
      case Desired.Absent<DesiredNetwork>(var network) -> toAbsent(network, observed);
      case Desired.Blocked<DesiredNetwork> _ -> List.of();
    };
  }

  private List<NetworkAction> toPresent(DesiredNetwork network, ObservedNetwork observed) {
    String target = observed.fabric().endpoint();
    if (lostPrefix(observed)) {
      return isProgrammed(observed) ? List.of() : releases(network, observed);
    }
    boolean holdsPrefix = observed.subnet().holding() instanceof Holding.Mine;
    OwnAddresses addresses = observed.addresses();
    Optional<Integer> vlan = vlan(network, observed);
    if (addresses.gateway() instanceof Holding.Taken
        || addresses.prober().isEmpty()
        || vlan.isEmpty()) {
      return holdsPrefix ? List.of() : take(network, observed, List.of(subnetClaim(network)));
    }
    String fabric = network.place().fabric();
    ClaimName vlanClaim = ClaimName.vlan(fabric, vlan.get());
    List<ClaimName> under = new ArrayList<>(List.of(subnetClaim(network), vlanClaim));
    List<ClaimName> missing = new ArrayList<>();
    if (!holdsPrefix) {
      missing.add(subnetClaim(network));
    }
    if (observed.vlan().mine().isEmpty()) {
      missing.add(vlanClaim);
    }
    for (long address : List.of(network.gatewayAddress(), addresses.prober().get())) {
      ClaimName claim = ClaimName.address(fabric, address);
      under.add(claim);
      if (!addresses.mine().contains(address)) {
        missing.add(claim);
      }
    }
    if (!holdsPrefix) {
      return take(network, observed, missing);
    }
    List<NetworkAction> actions = new ArrayList<>(take(network, observed, missing));
    Set<Row> rows = rendering.segment(network.shape(vlan.get()));
    List<RowChange> changes = RowChange.between(rows, observed.fabric().owned().rows());
    if (!changes.isEmpty() && observed.fabric().isRouted()) {
      actions.add(new NetworkAction.Program(target, fabric, network.owner(), under, rows, changes));
    }
    actions.addAll(releases(network, target, addresses.stale()));
    return actions;
  }

  /** What follows once the claims that are planned are held. */
  List<NetworkAction> outlook(Desired<DesiredNetwork> desired, ObservedNetwork observed) {
    boolean claims =
        plan(desired, observed).stream().allMatch(NetworkAction.Take.class::isInstance);
    return claims
            && desired instanceof Desired.Present<DesiredNetwork>(var network)
            && observed.subnet().holding() instanceof Holding.Free
            && !lostPrefix(observed)
        ? vlan(network, observed)
            .map(vlan -> plan(desired, observed.holding(network, vlan)))
            .orElse(List.of())
        : List.of();
  }

  private static Optional<Integer> vlan(DesiredNetwork network, ObservedNetwork observed) {
    return observed.vlan().mine().or(() -> choice(network, observed.vlan()));
  }

  private static List<NetworkAction> take(
      DesiredNetwork network, ObservedNetwork observed, List<ClaimName> missing) {
    return missing.isEmpty()
        ? List.of()
        : List.of(new NetworkAction.Take(observed.fabric().endpoint(), network.owner(), missing));
  }

  /** Whether the prefix is another's: who is not programmed yet gives way to who came first. */
  static boolean lostPrefix(ObservedNetwork observed) {
    return observed.subnet().holding() instanceof Holding.Taken
        || (!isProgrammed(observed) && !observed.subnet().overlapping().isEmpty());
  }

  private static boolean isProgrammed(ObservedNetwork observed) {
    return !observed.fabric().owned().rows().isEmpty();
  }

  private static Optional<Integer> choice(DesiredNetwork network, ObservedNetwork.VlanClaim vlans) {
    if (network.options().fixedVlan().isPresent()) {
      return network.options().fixedVlan().filter(vlan -> vlans.fixedBy().isEmpty());
    }
    return network
        .place()
        .vlans()
        .filter(vlan -> !vlans.taken().contains(vlan))
        .boxed()
        .findFirst();
  }

  private static List<NetworkAction> toAbsent(DesiredNetwork network, ObservedNetwork observed) {
    String target = observed.fabric().endpoint();
    List<NetworkAction> actions = new ArrayList<>();
    List<RowChange> changes = RowChange.between(Set.of(), observed.fabric().owned().rows());
    if (!changes.isEmpty()) {
      actions.add(
          new NetworkAction.Withdraw(target, network.place().fabric(), network.owner(), changes));
    }
    actions.addAll(releases(network, observed));
    return actions;
  }

  private static List<NetworkAction> releases(
      DesiredNetwork network, String target, Set<Long> addresses) {
    return addresses.stream()
        .sorted()
        .map(address -> ClaimName.address(network.place().fabric(), address))
        .<NetworkAction>map(c -> new NetworkAction.Release(target, network.owner(), c))
        .toList();
  }

  private static List<NetworkAction> releases(DesiredNetwork network, ObservedNetwork observed) {
    String target = observed.fabric().endpoint();
    List<NetworkAction> actions =
        new ArrayList<>(releases(network, target, observed.addresses().mine()));
    observed
        .vlan()
        .mine()
        .map(vlan -> ClaimName.vlan(network.place().fabric(), vlan))
        .ifPresent(c -> actions.add(new NetworkAction.Release(target, network.owner(), c)));
    if (observed.subnet().holding() instanceof Holding.Mine) {
      actions.add(new NetworkAction.Release(target, network.owner(), subnetClaim(network)));
    }
    return actions;
  }

  static ClaimName subnetClaim(DesiredNetwork network) {
    return ClaimName.subnet(network.place().fabric(), network.prefix());
  }
}
