package dev.kumiko.network.fabric.ovn;

import static dev.kumiko.network.fabric.ovn.OvnLayout.BALANCER;
import static dev.kumiko.network.fabric.ovn.OvnLayout.BALANCERS;
import static dev.kumiko.network.fabric.ovn.OvnLayout.CHECK;
import static dev.kumiko.network.fabric.ovn.OvnLayout.CHECKS;
import static dev.kumiko.network.fabric.ovn.OvnLayout.DHCP;
import static dev.kumiko.network.fabric.ovn.OvnLayout.MARKER;
import static dev.kumiko.network.fabric.ovn.OvnLayout.PORTS;
import static dev.kumiko.network.fabric.ovn.OvnLayout.ROUTER;
import static dev.kumiko.network.fabric.ovn.OvnLayout.ROUTER_PORT;
import static dev.kumiko.network.fabric.ovn.OvnLayout.SWITCH;
import static dev.kumiko.network.fabric.ovn.OvnLayout.SWITCH_PORT;

import dev.kumiko.network.fabric.PortShape;
import dev.kumiko.network.fabric.Rendering;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.SegmentShape;
import dev.kumiko.network.fabric.Value;
import dev.kumiko.network.fabric.VrfShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Tenants, networks and ports as rows of OVN's northbound database (ovn-nb(5)): the underlay
 * carries each network in its own VLAN, routers are distributed, and nothing is tunnelled.
 */
public final class OvnRendering implements Rendering {
  /** Seconds; guests renew at half time, and the address never changes. */
  private static final String LEASE_TIME = "3600";

  /**
   * Seconds and counts (ovn-nb(5)): one answer is enough to be there, and three are missed before a
   * busy guest counts as gone.
   */
  private static final Map<String, String> CHECK_OPTIONS =
      Map.of("interval", "1", "timeout", "1", "success_count", "1", "failure_count", "3");

  @Override
  public UUID routerOf(String vrfUid) {
    return Row.idOf(vrfUid, "router");
  }

  @Override
  public String routers() {
    return ROUTER;
  }

  @Override
  public String segments() {
    return SWITCH;
  }

  @Override
  public Set<Row> vrf(VrfShape vrf) {
    return Set.of(
        Row.root(
            ROUTER,
            routerOf(vrf.owner().uid()),
            Map.of(
                "name",
                Value.text(vrf.name()),
                "options",
                Value.NONE,
                MARKER,
                OwnerMarker.of(vrf.owner()))));
  }

  @Override
  public Set<Row> segment(SegmentShape segment) {
    Set<Row> rows = new HashSet<>();
    rows.add(
        Row.root(
            SWITCH,
            switchOf(segment.owner().uid()),
            Map.of(
                "name",
                Value.text(segment.name()),
                "other_config",
                Value.pairs(Map.of("vlan-passthru", "false")),
                MARKER,
                OwnerMarker.of(segment.owner()))));
    rows.add(probes(segment));
    rows.add(uplink(segment));
    rows.add(routerSide(segment));
    rows.add(switchSide(segment));
    if (segment.dhcp()) {
      rows.add(dhcp(segment));
    }
    return Set.copyOf(rows);
  }

  /**
   * A switch without ports: OVN probes for load balancers that some switch has, and on the guests'
   * own switch they would send every packet through connection tracking.
   */
  private static Row probes(SegmentShape segment) {
    return Row.root(
        SWITCH,
        probesOf(segment.owner().uid()),
        Map.of(
            "name",
            Value.text(segment.name() + "/probes"),
            MARKER,
            OwnerMarker.of(segment.owner())));
  }

  private static Row uplink(SegmentShape segment) {
    return switchPort(
        segment.owner().uid(),
        Row.idOf(segment.owner().uid(), "uplink"),
        Map.of(
            "name",
            Value.text("uplink-" + segment.owner().uid()),
            "type",
            Value.text("localnet"),
            "addresses",
            Value.texts("unknown"),
            "tag",
            Value.number(segment.vlan()),
            "options",
            Value.pairs(Map.of("network_name", segment.physicalNetwork())),
            MARKER,
            OwnerMarker.of(segment.owner())));
  }

  private Row routerSide(SegmentShape segment) {
    String prefixLength = segment.subnet().substring(segment.subnet().indexOf('/'));
    return Row.child(
        ROUTER_PORT,
        Row.idOf(segment.owner().uid(), "gateway"),
        Map.of(
            "name",
            Value.text(gatewayName(segment)),
            "mac",
            Value.text(segment.routerMac()),
            "networks",
            Value.texts(segment.gateway() + prefixLength),
            "options",
            Value.NONE,
            MARKER,
            OwnerMarker.of(segment.owner())),
        new Row.Parent(ROUTER, routerOf(segment.vrfUid()), PORTS));
  }

  private static Row switchSide(SegmentShape segment) {
    return switchPort(
        segment.owner().uid(),
        Row.idOf(segment.owner().uid(), "router-port"),
        Map.of(
            "name",
            Value.text("router-" + segment.owner().uid()),
            "type",
            Value.text("router"),
            "addresses",
            Value.texts("router"),
            "options",
            Value.pairs(Map.of("router-port", gatewayName(segment))),
            MARKER,
            OwnerMarker.of(segment.owner())));
  }

  private static String gatewayName(SegmentShape segment) {
    return "gateway-" + segment.owner().uid();
  }

  private static Row dhcp(SegmentShape segment) {
    Map<String, String> options = new TreeMap<>();
    options.put("server_id", segment.gateway());
    options.put("server_mac", segment.routerMac());
    options.put("router", segment.gateway());
    options.put("lease_time", LEASE_TIME);
    options.put("mtu", Integer.toString(segment.mtuBytes()));
    if (!segment.dns().isEmpty()) {
      options.put("dns_server", "{" + String.join(", ", segment.dns()) + "}");
    }
    if (!segment.routes().isEmpty()) {
      options.put("classless_static_route", routes(segment));
    }
    return Row.root(
        DHCP,
        dhcpOf(segment.owner().uid()),
        Map.of(
            "cidr",
            Value.text(segment.subnet()),
            "options",
            Value.pairs(options),
            MARKER,
            OwnerMarker.of(segment.owner())));
  }

  /**
   * A client that reads option 121 ignores the router option (RFC 3442), so the default route is
   * repeated here.
   */
  private static String routes(SegmentShape segment) {
    List<String> routes = new ArrayList<>();
    segment.routes().forEach(route -> routes.add(route.destination() + "," + route.via()));
    routes.add("0.0.0.0/0," + segment.gateway());
    return "{" + String.join(", ", routes) + "}";
  }

  @Override
  public Set<Row> port(PortShape port) {
    Set<Row> rows = new HashSet<>();
    rows.add(plug(port));
    port.probe()
        .ifPresent(probe -> {
          rows.add(balancer(port, probe));
          rows.add(check(port, probe));
        });
    return Set.copyOf(rows);
  }

  private static Row plug(PortShape port) {
    Value speaker = Value.texts(port.mac() + " " + port.address());
    return switchPort(
        port.networkUid(),
        Row.idOf(port.owner().uid(), "port"),
        Map.of(
            "name",
            Value.text(port.owner().uid()),
            "type",
            Value.NONE,
            "addresses",
            speaker,
            "port_security",
            speaker,
            "dhcpv4_options",
            port.dhcp() ? new Value.Reference(DHCP, dhcpOf(port.networkUid())) : Value.NONE,
            "options",
            requestedChassis(port),
            MARKER,
            OwnerMarker.of(port.owner())));
  }

  /** Balances nothing: it says which port is probed, and from which address. */
  private static Row balancer(PortShape port, PortShape.Probe probe) {
    String asked = asked(port, probe);
    return Row.child(
        BALANCER,
        balancerOf(port.owner().uid()),
        Map.of(
            "name",
            Value.text("probe-" + port.owner().uid()),
            "protocol",
            Value.text("tcp"),
            "vips",
            Value.pairs(Map.of(asked, asked)),
            "ip_port_mappings",
            Value.pairs(Map.of(port.address(), port.owner().uid() + ":" + probe.source())),
            MARKER,
            OwnerMarker.of(port.owner())),
        new Row.Parent(SWITCH, probesOf(port.networkUid()), BALANCERS));
  }

  private static Row check(PortShape port, PortShape.Probe probe) {
    return Row.child(
        CHECK,
        Row.idOf(port.owner().uid(), "probe-check"),
        Map.of(
            "vip",
            Value.text(asked(port, probe)),
            "options",
            Value.pairs(CHECK_OPTIONS),
            MARKER,
            OwnerMarker.of(port.owner())),
        new Row.Parent(BALANCER, balancerOf(port.owner().uid()), CHECKS));
  }

  private static String asked(PortShape port, PortShape.Probe probe) {
    return port.address() + ":" + probe.tcpPort();
  }

  /**
   * Only the first: OVN sends what is meant for a port of two chassis through tunnels, even on a
   * segment with an uplink, and there are none (seen with 23.03: all of it is lost). A swap of the
   * two moves the port within milliseconds.
   */
  private static Value requestedChassis(PortShape port) {
    return port.chassis().stream()
        .findFirst()
        .map(first -> Value.pairs(Map.of("requested-chassis", first)))
        .orElse(Value.NONE);
  }

  private static Row switchPort(String networkUid, UUID id, Map<String, Value> columns) {
    return Row.child(SWITCH_PORT, id, columns, new Row.Parent(SWITCH, switchOf(networkUid), PORTS));
  }

  private static UUID switchOf(String networkUid) {
    return Row.idOf(networkUid, "switch");
  }

  private static UUID probesOf(String networkUid) {
    return Row.idOf(networkUid, "probes");
  }

  private static UUID balancerOf(String portUid) {
    return Row.idOf(portUid, "probe");
  }

  private static UUID dhcpOf(String networkUid) {
    return Row.idOf(networkUid, "dhcp");
  }
}
