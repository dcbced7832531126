package dev.kumiko.network.port;

import dev.kumiko.network.address.Prefix;
import dev.kumiko.network.claim.Holding;
import dev.kumiko.network.fabric.Chassis;
import dev.kumiko.network.port.ObservedPort.OnFabric;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Wait;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How far a port is. Pure. */
final class PortReport {
  /** Reasons of one who waits until another gives something back. */
  static final Set<String> TAKEN = Set.of("AddressTaken", "AddressesExhausted", "MacTaken");

  private PortReport() {}

  static Readiness readiness(DesiredPort port, ObservedPort observed) {
    if (observed.mac().fixed() instanceof Holding.Taken(String by)) {
      return new Readiness.Stalled(
          "MacTaken",
          "spec.mac "
              + port.fixedMac().orElse("")
              + " belongs to "
              + by
              + ": make the Port with another or leave spec.mac out");
    }
    if (observed.address().mine().isEmpty()) {
      return withoutAddress(port, observed);
    }
    OnFabric fabric = observed.fabric();
    if (!fabric.isGrounded()) {
      return Readiness.waitingFor(Wait.notReady("Network", port.segment().network()));
    }
    if (fabric.health().trouble().isPresent()) {
      String message = fabric.endpoint() + ": " + fabric.health().trouble().get();
      return new Readiness.Unknown(
          "EndpointUnavailable",
          message,
          List.of(new Wait("Endpoint", fabric.endpoint(), "EndpointUnavailable", message)));
    }
    return carried(port, fabric);
  }

  private static Readiness withoutAddress(DesiredPort port, ObservedPort observed) {
    if (observed.address().fixedBy().isPresent()) {
      return new Readiness.Stalled(
          "AddressTaken",
          "spec.address "
              + port.fixedAddress().map(Prefix::text).orElse("")
              + " belongs to "
              + observed.address().fixedBy().get()
              + ": make the Port with another or leave spec.address out");
    }
    String network = port.segment().network();
    return Readiness.waitingFor(
        new Wait(
            "Network",
            network,
            "AddressesExhausted",
            "Network " + network + " has no address left: widen its ranges or delete a Port"));
  }

  private static Readiness carried(DesiredPort port, OnFabric fabric) {
    if (port.places().isEmpty()) {
      return new Readiness.Ready("address reserved; no host is asked for");
    }
    List<DesiredPort.Place> unprogrammed =
        port.places().stream().filter(place -> !fabric.follows(place.chassis())).toList();
    if (!unprogrammed.isEmpty()) {
      return new Readiness.Waiting(
          "Programming",
          "not yet programmed on " + names(unprogrammed),
          unprogrammed.stream().map(place -> lag(place, fabric)).distinct().toList());
    }
    List<DesiredPort.Place> done = fabric.done(port.places());
    List<DesiredPort.Place> empty =
        port.places().stream().filter(place -> !done.contains(place)).toList();
    return empty.isEmpty()
        ? new Readiness.Ready("programmed on " + names(port.places()))
        : Readiness.waiting(
            "NotPlugged",
            "programmed on "
                + names(port.places())
                + "; the guest's interface has not appeared on "
                + names(empty)
                + " yet");
  }

  private static Wait lag(DesiredPort.Place place, OnFabric fabric) {
    Optional<Chassis> chassis = fabric.chassis(place.chassis());
    if (chassis.isEmpty()) {
      return new Wait(
          "Host",
          place.host(),
          "NotOnFabric",
          "Host "
              + place.host()
              + " is not on the fabric as chassis "
              + place.chassis()
              + ": start ovn-controller there, or set spec.chassis of the Host");
    }
    if (!chassis.get().physicalNetworks().contains(fabric.physicalNetwork())) {
      return chassis.get().unmapped(place.host(), fabric.physicalNetwork());
    }
    return fabric
        .health()
        .lagging(fabric.endpoint())
        .orElseGet(() ->
            new Wait(
                "Host",
                place.host(),
                "NotProgrammed",
                "Host "
                    + place.host()
                    + " has not programmed the port yet: see its ovn-controller"));
  }

  private static String names(List<DesiredPort.Place> places) {
    return places.stream().map(DesiredPort.Place::host).collect(Collectors.joining(", "));
  }
}
