package dev.kumiko.network.fabric;

import dev.kumiko.reconcile.Ownership;
import java.util.List;
import java.util.Optional;

/** Networks and ports to try with. */
public final class Shapes {
  private Shapes() {}

  public static VrfShape vrf(String uid) {
    return new VrfShape(new Ownership("Vrf", "", "acme", uid), "acme");
  }

  public static SegmentShape segment(String uid, String vrfUid, int vlan) {
    return new SegmentShape(
        new Ownership("Network", "acme", "web", uid),
        vrfUid,
        "acme/web",
        "physnet1",
        vlan,
        "10.1.1.0/24",
        "10.1.1.1",
        "06:00:00:00:01:01",
        1400,
        true,
        List.of("10.1.1.2", "10.1.1.3"),
        List.of(new SegmentShape.Route("10.20.0.0/16", "10.1.1.254")));
  }

  public static SegmentShape withoutDhcp(SegmentShape of) {
    return new SegmentShape(
        of.owner(),
        of.vrfUid(),
        of.name(),
        of.physicalNetwork(),
        of.vlan(),
        of.subnet(),
        of.gateway(),
        of.routerMac(),
        of.mtuBytes(),
        false,
        of.dns(),
        of.routes());
  }

  public static PortShape port(String uid, String networkUid, String... chassis) {
    return new PortShape(
        new Ownership("Port", "acme", "vm-0", uid),
        networkUid,
        "02:00:00:00:01:0a",
        "10.1.1.10",
        true,
        List.of(chassis),
        Optional.empty());
  }

  /** The same port, asked on a TCP port. */
  public static PortShape probed(PortShape of, int tcpPort) {
    return new PortShape(
        of.owner(),
        of.networkUid(),
        of.mac(),
        of.address(),
        of.dhcp(),
        of.chassis(),
        Optional.of(new PortShape.Probe(tcpPort, "10.1.1.253")));
  }
}
