package dev.kumiko.network.network;

import dev.kumiko.network.claim.Holding;
import dev.kumiko.network.network.ObservedNetwork.Member;
import dev.kumiko.network.network.ObservedNetwork.OnFabric;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How far a network is. Pure. */
final class NetworkReport {
  private NetworkReport() {}

  static Readiness readiness(DesiredNetwork network, ObservedNetwork observed) {
    if (NetworkPlan.lostPrefix(observed)) {
      return new Readiness.Stalled("SubnetOverlap", overlap(network, observed));
    }
    if (observed.addresses().gateway() instanceof Holding.Taken(String by)) {
      return new Readiness.Stalled(
          "AddressTaken",
          "spec.subnets[0].gateway %s belongs to %s: make the Network with another"
              .formatted(network.gateway(), by));
    }
    if (observed.addresses().prober().isEmpty()) {
      return Readiness.waiting(
          "AddressesExhausted", "no address is left for probes to come from: delete a Port");
    }
    if (observed.vlan().mine().isEmpty()) {
      return withoutVlan(network, observed);
    }
    OnFabric fabric = observed.fabric();
    if (!fabric.isRouted()) {
      return Readiness.waitingFor(Wait.notReady("Vrf", network.place().vrf()));
    }
    if (fabric.health().trouble().isPresent()) {
      String message = fabric.endpoint() + ": " + fabric.health().trouble().get();
      return new Readiness.Unknown(
          "EndpointUnavailable",
          message,
          List.of(new Wait("Endpoint", fabric.endpoint(), "EndpointUnavailable", message)));
    }
    return programmed(fabric);
  }

  private static Readiness withoutVlan(DesiredNetwork network, ObservedNetwork observed) {
    String fabric = network.place().fabric();
    if (observed.vlan().fixedBy().isPresent()) {
      return new Readiness.Stalled(
          "VlanTaken",
          "spec.vlan "
              + network.options().fixedVlan().map(String::valueOf).orElse("")
              + " belongs to "
              + observed.vlan().fixedBy().get()
              + ": choose another or leave spec.vlan out");
    }
    return Readiness.waitingFor(
        new Wait(
            "Fabric",
            fabric,
            "VlansExhausted",
            "Fabric "
                + fabric
                + " has no VLAN left: widen its spec.vlanRanges or delete a Network"));
  }

  private static Readiness programmed(OnFabric fabric) {
    List<Member> live = fabric.live();
    if (live.isEmpty()) {
      return Readiness.waitingFor(
          new Wait(
              "Endpoint",
              fabric.endpoint(),
              "NoLiveHosts",
              "no Host follows the fabric: declare Hosts, set their spec.chassis or start"
                  + " ovn-controller there"
                  + uncounted(fabric)));
    }
    List<Member> programmed = fabric.programmed();
    String message =
        "programmed on %d of %d live hosts%s"
            .formatted(programmed.size(), live.size(), uncounted(fabric));
    List<Wait> lagging =
        live.stream()
            .filter(host -> !programmed.contains(host))
            .map(host -> lag(host, fabric))
            .distinct()
            .toList();
    return lagging.isEmpty()
        ? new Readiness.Ready(message)
        : new Readiness.Waiting("Programming", message, lagging);
  }

  private static Wait lag(Member member, OnFabric fabric) {
    String host = member.host();
    return member
        .chassis()
        .filter(chassis -> !chassis.physicalNetworks().contains(fabric.physicalNetwork()))
        .map(chassis -> chassis.unmapped(host, fabric.physicalNetwork()))
        .or(() -> fabric.health().lagging(fabric.endpoint()))
        .orElseGet(() ->
            new Wait(
                "Host",
                host,
                "NotProgrammed",
                "Host " + host + " has not programmed it yet: see its ovn-controller"));
  }

  /** Hosts that are not live, and why. */
  private static String uncounted(OnFabric fabric) {
    String hosts =
        Stream.of(
                named("silent", fabric, host -> host.is(chassis -> !chassis.live())),
                named("not on the fabric", fabric, host -> host.chassis().isEmpty()))
            .flatMap(Optional::stream)
            .collect(Collectors.joining("; "));
    return hosts.isEmpty() ? "" : " (" + hosts + ")";
  }

  private static Optional<String> named(String what, OnFabric fabric, Predicate<Member> which) {
    return fabric.hosts().stream()
        .filter(which)
        .map(Member::host)
        .reduce((some, next) -> some + ", " + next)
        .map(names -> what + ": " + names);
  }

  /** What others have on the fabric that meets this network; it is left alone. */
  static List<Report.Aspect> meetings(OnFabric fabric) {
    List<Report.Aspect> aspects = new ArrayList<>();
    if (!fabric.foreign().isEmpty()) {
      aspects.add(
          new Report.Aspect(
              "ForeignName",
              true,
              "NameInUse",
              String.join(", ", fabric.foreign())
                  + " has the same name and is not ours: it is left alone; rename it to tell them"
                  + " apart"));
    }
    fabric
        .intruder()
        .map(who ->
            new Report.Aspect(
                "ForeignVlan",
                true,
                "VlanInUse",
                "the VLAN is used by "
                    + who
                    + ": it is left alone, but the two share a wire; take it off that VLAN"))
        .ifPresent(aspects::add);
    return aspects;
  }

  private static String overlap(DesiredNetwork network, ObservedNetwork observed) {
    String with =
        observed.subnet().holding() instanceof Holding.Taken(String by)
            ? by
            : String.join(", ", observed.subnet().overlapping());
    return "spec.subnets[0].cidr "
        + network.prefix()
        + " overlaps "
        + with
        + " on fabric "
        + network.place().fabric()
        + ": make the Network with a prefix that is free there";
  }
}
