package dev.kumiko.network.port;

import dev.kumiko.network.address.Prefix;
import dev.kumiko.network.claim.ClaimName;
import dev.kumiko.network.claim.Claims;
import dev.kumiko.network.claim.Holding;
import dev.kumiko.network.fabric.Binding;
import dev.kumiko.network.fabric.FabricHealth;
import dev.kumiko.network.fabric.FabricTables;
import dev.kumiko.network.fabric.Fabrics;
import dev.kumiko.network.fabric.OwnedRows;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.port.ObservedPort.AddressClaim;
import dev.kumiko.network.port.ObservedPort.MacClaim;
import dev.kumiko.network.port.ObservedPort.OnFabric;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.v1alpha1.Port;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Looks at claims and fabric for one port. Changes nothing. */
record PortSight(Claims claims, Fabrics fabrics) {

  ObservedPort of(Port port, DesiredPort asked) {
    return new ObservedPort(address(port, asked), mac(port, asked), onFabric(asked));
  }

  private AddressClaim address(Port port, DesiredPort asked) {
    String fabric = asked.segment().fabric();
    Ownership owner = asked.owner();
    Optional<Long> mine =
        Optional.ofNullable(port.observed().ip())
            .map(Prefix::number)
            .filter(
                a -> claims.holding(ClaimName.address(fabric, a), owner) instanceof Holding.Mine)
            .or(() -> claims.valueOf(owner, ClaimName.addresses(fabric)).map(Prefix::number));
    if (mine.isPresent()) {
      return new AddressClaim(mine, Set.of(), Optional.empty());
    }
    Optional<String> fixedBy =
        asked
            .fixedAddress()
            .map(address -> claims.holding(ClaimName.address(fabric, address), owner))
            .flatMap(PortSight::other);
    Set<Long> taken =
        claims.values(ClaimName.addresses(fabric)).stream()
            .map(Prefix::number)
            .collect(Collectors.toSet());
    return new AddressClaim(mine, taken, fixedBy);
  }

  private static Optional<String> other(Holding holding) {
    return switch (holding) {
      case Holding.Taken(String by) -> Optional.of(by);
      case Holding.Free _, Holding.Mine _ -> Optional.empty();
    };
  }

  private MacClaim mac(Port port, DesiredPort asked) {
    Optional<String> mac = Optional.ofNullable(port.getSpec().mac());
    Holding holding =
        mac.map(m -> claims.holding(ClaimName.mac(asked.segment().fabric(), m), asked.owner()))
            .orElseGet(Holding.Mine::new);
    return new MacClaim(holding, mac.filter(m -> holding instanceof Holding.Mine));
  }

  private OnFabric onFabric(DesiredPort asked) {
    if (asked.segment().fabric().isEmpty()) {
      return new OnFabric(
          "",
          "",
          new OwnedRows(Set.of(), 0),
          false,
          List.of(),
          Binding.NOWHERE,
          false,
          FabricHealth.UNKNOWN);
    }
    FabricTables tables = fabrics.get(asked.segment().fabric());
    boolean isGrounded = tables.missing(asked.owner(), ground(asked)).isEmpty();
    return new OnFabric(
        tables.endpoint(),
        asked.segment().physicalNetwork(),
        tables.observe(asked.owner()),
        isGrounded,
        tables.chassis(),
        tables.binding(asked.owner()),
        asked.probedTcpPort().filter(p -> tables.answers(asked.owner(), p)).isPresent(),
        tables.health());
  }

  /** The rows of others that the port's rows need. */
  private Set<UUID> ground(DesiredPort asked) {
    Set<Row> rows = fabrics.rendering().port(asked.shape(asked.segment().pool().gateway()));
    Set<UUID> needed =
        rows.stream().flatMap(row -> row.needs().stream()).collect(Collectors.toSet());
    rows.forEach(row -> needed.remove(row.id()));
    return needed;
  }
}
