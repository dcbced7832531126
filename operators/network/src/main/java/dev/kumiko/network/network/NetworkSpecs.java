package dev.kumiko.network.network;

import dev.kumiko.network.address.AddressPool;
import dev.kumiko.network.address.Prefix;
import dev.kumiko.network.network.DesiredNetwork.Place;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.v1alpha1.Network;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads a Network's spec, and refuses what admission could not see. Pure. */
final class NetworkSpecs {
  private NetworkSpecs() {}

  /** The ask as it stands, unchecked: enough for finding what is there. */
  static DesiredNetwork read(Network network, Place place) {
    Network.Spec spec = network.getSpec();
    Network.Subnet subnet = spec.subnets().getFirst();
    return new DesiredNetwork(
        Ownership.of(network),
        place,
        Prefix.of(subnet.cidr()),
        subnet,
        new DesiredNetwork.Options(
            Optional.ofNullable(spec.vlan()),
            spec.mtuBytes(),
            spec.dhcp() == Network.Dhcp.Enabled));
  }

  /**
   * The same, checked.
   *
   * @throws Rejection naming the field and the mend
   */
  static DesiredNetwork checked(DesiredNetwork network) {
    long gateway = address("spec.subnets[0].gateway", network.gateway());
    if (gateway == network.prefix().first() || gateway == network.prefix().last()) {
      throw new Rejection(
          "GatewayInvalid",
          "spec.subnets[0].gateway "
              + network.gateway()
              + " is the network's own or its broadcast address: choose another of "
              + network.prefix());
    }
    network.subnet().dns().forEach(dns -> address("spec.subnets[0].dns", dns));
    network.subnet().routes().forEach(route -> check(route, network.prefix()));
    network.subnet().ranges().forEach(NetworkSpecs::check);
    if (AddressPool.of(network.subnet(), Optional.empty()).size() <= 0) {
      throw new Rejection(
          "NoAddresses",
          "spec.subnets[0].ranges leave no address for guests: widen them, or shorten reserved");
    }
    return network;
  }

  private static void check(Network.Range range) {
    if (address("spec.subnets[0].ranges", range.from())
        > address("spec.subnets[0].ranges", range.to())) {
      throw new Rejection(
          "AddressInvalid",
          "spec.subnets[0].ranges: from "
              + range.from()
              + " is above to "
              + range.to()
              + ": exchange them");
    }
  }

  private static void check(Network.Route route, Prefix prefix) {
    try {
      Prefix.of(route.destination());
    } catch (IllegalArgumentException e) {
      throw new Rejection(
          "RouteInvalid",
          "spec.subnets[0].routes: destination "
              + route.destination()
              + " is not a prefix such as 10.20.0.0/16");
    }
    if (!prefix.contains(address("spec.subnets[0].routes via", route.via()))) {
      throw new Rejection(
          "RouteInvalid",
          "spec.subnets[0].routes: via "
              + route.via()
              + " is not in "
              + prefix
              + ": guests could not reach it");
    }
  }

  /**
   * Whether the fabric hands out that VLAN.
   *
   * @throws Rejection when it does not
   */
  static void checkVlan(int vlan, Place place) {
    if (place.vlans().noneMatch(allowed -> allowed == vlan)) {
      throw new Rejection(
          "VlanOutsideRanges",
          "spec.vlan "
              + vlan
              + " is not in spec.vlanRanges of Fabric "
              + place.fabric()
              + " ("
              + place.vlanRanges().stream()
                  .map(range -> range.from() + "-" + range.to())
                  .collect(Collectors.joining(", "))
              + "): choose one of these or leave spec.vlan out");
    }
  }

  private static long address(String field, String text) {
    try {
      return Prefix.number(text);
    } catch (IllegalArgumentException e) {
      throw new Rejection("AddressInvalid", field + ": " + text + " is not an IPv4 address");
    }
  }
}
