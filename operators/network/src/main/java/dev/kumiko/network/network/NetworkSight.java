package dev.kumiko.network.network;

import dev.kumiko.network.address.AddressPool;
import dev.kumiko.network.address.Prefix;
import dev.kumiko.network.claim.ClaimName;
import dev.kumiko.network.claim.Claims;
import dev.kumiko.network.claim.Holding;
import dev.kumiko.network.fabric.FabricHealth;
import dev.kumiko.network.fabric.FabricTables;
import dev.kumiko.network.fabric.Fabrics;
import dev.kumiko.network.fabric.ForeignRow;
import dev.kumiko.network.fabric.OwnedRows;
import dev.kumiko.network.network.DesiredNetwork.Place;
import dev.kumiko.network.network.ObservedNetwork.OnFabric;
import dev.kumiko.network.network.ObservedNetwork.OwnAddresses;
import dev.kumiko.network.network.ObservedNetwork.SubnetClaim;
import dev.kumiko.network.network.ObservedNetwork.VlanClaim;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.v1alpha1.Claim;
import dev.kumiko.v1alpha1.Network;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at claims and fabric for one network. Changes nothing. */
record NetworkSight(Cluster cluster, Claims claims, Fabrics fabrics, DeclaredHosts hosts) {

  ObservedNetwork of(Network network, DesiredNetwork asked) {
    Map<Integer, String> foreign = foreignVlans(asked.place());
    VlanClaim vlan = vlan(network, asked, foreign);
    Optional<String> intruder = vlan.mine().map(foreign::get);
    return new ObservedNetwork(
        subnet(asked), vlan, addresses(network, asked), onFabric(asked, intruder));
  }

  private Map<Integer, String> foreignVlans(Place place) {
    if (place.fabric().isEmpty()) {
      return Map.of();
    }
    Set<String> networks =
        cluster.list(Network.class).stream()
            .map(network -> network.getMetadata().getUid())
            .collect(Collectors.toUnmodifiableSet());
    return fabrics.get(place.fabric()).foreignVlans(place.physicalNetwork(), networks);
  }

  private SubnetClaim subnet(DesiredNetwork asked) {
    String fabric = asked.place().fabric();
    List<Claim> overlapping =
        claims.beginningWith(ClaimName.subnets(fabric)).stream()
            .filter(claim -> Prefix.of(claim.getSpec().value()).overlaps(asked.prefix()))
            .toList();
    Optional<Claim> mine =
        overlapping.stream().filter(claim -> Claims.isOf(claim, asked.owner())).findFirst();
    long myAge = mine.map(NetworkSight::age).orElse(Long.MAX_VALUE);
    List<String> first =
        overlapping.stream()
            .filter(claim -> !Claims.isOf(claim, asked.owner()))
            .filter(claim -> age(claim) < myAge || claims.hasRows(claim))
            .map(claim -> named(claim, asked.owner()))
            .distinct()
            .toList();
    Holding holding = claims.holding(NetworkPlan.subnetClaim(asked), asked.owner());
    return new SubnetClaim(holding, first);
  }

  private static String named(Claim claim, Ownership asking) {
    String holder = Claims.holder(claim, asking);
    return Claims.isOfTenant(claim, asking) ? claim.getSpec().value() + " of " + holder : holder;
  }

  /** A claim never changes, so its version says when it was made, in one order for all. */
  private static long age(Claim claim) {
    return Long.parseLong(claim.getMetadata().getResourceVersion());
  }

  private VlanClaim vlan(Network network, DesiredNetwork asked, Map<Integer, String> foreign) {
    String fabric = asked.place().fabric();
    Ownership owner = asked.owner();
    Optional<Integer> mine =
        Optional.ofNullable(network.observed().vlan())
            .filter(v -> claims.holding(ClaimName.vlan(fabric, v), owner) instanceof Holding.Mine)
            .or(() -> claims.valueOf(owner, ClaimName.vlans(fabric)).map(Integer::valueOf));
    if (mine.isPresent()) {
      return new VlanClaim(mine, Set.of(), Optional.empty());
    }
    Optional<String> fixedBy =
        asked
            .options()
            .fixedVlan()
            .flatMap(vlan ->
                other(claims.holding(ClaimName.vlan(fabric, vlan), owner))
                    .or(() -> Optional.ofNullable(foreign.get(vlan))));
    Set<Integer> taken =
        Stream.concat(
                claims.values(ClaimName.vlans(fabric)).stream().map(Integer::valueOf),
                foreign.keySet().stream())
            .collect(Collectors.toSet());
    return new VlanClaim(mine, taken, fixedBy);
  }

  /**
   * The address that probes come from stays as long as the spec gives it to nobody. One that was
   * given up is kept until the Ports were told of the new one.
   */
  private OwnAddresses addresses(Network network, DesiredNetwork asked) {
    String fabric = asked.place().fabric();
    Ownership owner = asked.owner();
    Set<Long> mine =
        claims
            .valuesOf(owner, ClaimName.addresses(fabric))
            .map(Prefix::number)
            .collect(Collectors.toUnmodifiableSet());
    Holding gateway = claims.holding(ClaimName.address(fabric, asked.gatewayAddress()), owner);
    Optional<Long> prober =
        mine.stream()
            .filter(address -> AddressPool.isUnused(asked.subnet(), address))
            .max(Comparator.naturalOrder())
            .or(() -> AddressPool.prober(asked.subnet(), a -> isTaken(fabric, a, owner)));
    Set<Long> stale = new HashSet<>(mine);
    stale.remove(asked.gatewayAddress());
    prober.ifPresent(stale::remove);
    boolean isTold =
        prober.map(Prefix::text).equals(Optional.ofNullable(network.observed().prober()));
    return new OwnAddresses(gateway, prober, mine, isTold ? stale : Set.of());
  }

  private boolean isTaken(String fabric, long address, Ownership owner) {
    return claims.holding(ClaimName.address(fabric, address), owner) instanceof Holding.Taken;
  }

  private static Optional<String> other(Holding holding) {
    return switch (holding) {
      case Holding.Taken(String by) -> Optional.of(by);
      case Holding.Free _, Holding.Mine _ -> Optional.empty();
    };
  }

  private OnFabric onFabric(DesiredNetwork asked, Optional<String> intruder) {
    if (asked.place().fabric().isEmpty()) {
      return new OnFabric(
          "",
          "",
          new OwnedRows(Set.of(), 0),
          false,
          List.of(),
          List.of(),
          intruder,
          FabricHealth.UNKNOWN);
    }
    FabricTables tables = fabrics.get(asked.place().fabric());
    OwnedRows owned = tables.observe(asked.owner());
    List<String> foreign =
        tables.foreign(fabrics.rendering().segments(), asked.shape(0).name()).stream()
            .map(ForeignRow::describe)
            .toList();
    boolean isRouted =
        tables
            .missing(asked.owner(), Set.of(fabrics.rendering().routerOf(asked.place().vrfUid())))
            .isEmpty();
    return new OnFabric(
        tables.endpoint(),
        asked.place().physicalNetwork(),
        owned,
        isRouted,
        hosts.among(tables.chassis()),
        foreign,
        intruder,
        tables.health());
  }
}
