package dev.kumiko.network.port;

import dev.kumiko.network.address.AddressPool;
import dev.kumiko.network.address.Macs;
import dev.kumiko.network.address.Prefix;
import dev.kumiko.network.fabric.PortShape;
import dev.kumiko.reconcile.Ownership;
import java.util.List;
import java.util.Optional;

/**
 * The ask: a connection to a segment.
 *
 * @param fixedAddress the address that the user chose; empty: any free one
 * @param fixedMac the MAC that the user chose; empty: one that follows from the address
 * @param places where it may appear, in the order of the spec: the first is where the guest runs
 * @param probedTcpPort what the guest is asked on; empty: it is not asked
 */
record DesiredPort(
    Ownership owner,
    Segment segment,
    Optional<Long> fixedAddress,
    Optional<String> fixedMac,
    List<Place> places,
    Optional<Integer> probedTcpPort) {

  /** A host and its name on the fabric. */
  record Place(String host, String chassis) {}

  /** The network that it is on. */
  record Segment(
      String fabric,
      String physicalNetwork,
      String network,
      String networkUid,
      AddressPool pool,
      int vlan,
      int mtuBytes,
      boolean dhcp) {}

  DesiredPort {
    places = List.copyOf(places);
  }

  /** The guest's MAC once its address is known. */
  String mac(long address) {
    return fixedMac.orElseGet(() -> Macs.ofGuest(address));
  }

  /** The port once its address is known. */
  PortShape shape(long address) {
    return new PortShape(
        owner,
        segment.networkUid(),
        mac(address),
        Prefix.text(address),
        segment.dhcp(),
        places.stream().map(Place::chassis).toList(),
        probedTcpPort.map(p -> new PortShape.Probe(p, Prefix.text(segment.pool().prober()))));
  }
}
