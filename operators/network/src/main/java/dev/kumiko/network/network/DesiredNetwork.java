package dev.kumiko.network.network;

import dev.kumiko.network.address.AddressPool;
import dev.kumiko.network.address.Macs;
import dev.kumiko.network.address.Prefix;
import dev.kumiko.network.fabric.SegmentShape;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.v1alpha1.Fabric;
import dev.kumiko.v1alpha1.Network;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The ask: a segment in a VRF of a fabric.
 *
 * @param prefix what is claimed
 * @param subnet the rest about addresses
 */
record DesiredNetwork(
    Ownership owner, Place place, Prefix prefix, Network.Subnet subnet, Options options) {

  /**
   * Where it is carried.
   *
   * @param vrf name of the Vrf
   * @param physicalNetwork what the hosts map to their uplink
   * @param vlanRanges what VLANs it may get
   */
  record Place(
      String fabric,
      String vrf,
      String vrfUid,
      String physicalNetwork,
      List<Fabric.VlanRange> vlanRanges) {
    Place {
      vlanRanges = List.copyOf(vlanRanges);
    }

    /** All VLANs of the ranges, in order. */
    IntStream vlans() {
      return vlanRanges.stream()
          .flatMapToInt(range -> IntStream.rangeClosed(range.from(), range.to()))
          .distinct();
    }
  }

  /**
   * The rest of the spec.
   *
   * @param fixedVlan the VLAN that the user chose; empty: any free one
   */
  record Options(Optional<Integer> fixedVlan, int mtuBytes, boolean dhcp) {}

  String gateway() {
    return Prefix.text(gatewayAddress());
  }

  long gatewayAddress() {
    return AddressPool.gateway(subnet);
  }

  /** The segment once its VLAN is known. */
  SegmentShape shape(int vlan) {
    return new SegmentShape(
        owner,
        place.vrfUid(),
        owner.namespace() + "/" + owner.name(),
        place.physicalNetwork(),
        vlan,
        prefix.toString(),
        gateway(),
        Macs.ofRouter(owner.uid()),
        options.mtuBytes(),
        options.dhcp(),
        subnet.dns(),
        subnet.routes().stream()
            .map(route ->
                new SegmentShape.Route(Prefix.of(route.destination()).toString(), route.via()))
            .toList());
  }
}
