package dev.kumiko.network.fabric.ovn;

import dev.kumiko.network.fabric.Row;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** The tables and columns of OVN that we use (ovn-nb(5), ovn-sb(5)). */
final class OvnLayout {
  static final String SWITCH = "Logical_Switch";
  static final String SWITCH_PORT = "Logical_Switch_Port";
  static final String ROUTER = "Logical_Router";
  static final String ROUTER_PORT = "Logical_Router_Port";
  static final String DHCP = "DHCP_Options";

  static final String BALANCER = "Load_Balancer";
  static final String CHECK = "Load_Balancer_Health_Check";

  /** The column of a switch or router that holds its ports. */
  static final String PORTS = "ports";

  /** The column of a switch that holds its load balancers. */
  static final String BALANCERS = "load_balancer";

  /** The column of a load balancer that holds its health checks. */
  static final String CHECKS = "health_check";

  /**
   * Where rows of a table hang.
   *
   * @param keeps whether a row ends when nothing holds it any more
   */
  record Holder(String table, String column, boolean keeps) {}

  static final String MARKER = "external_ids";

  /** Monitor ids. */
  static final String OWNED = "owned";

  static final String NAMES = "names";
  static final String CHASSIS = "chassis";
  static final String BINDINGS = "bindings";
  static final String PROBES = "probes";

  /** What a row is known by to people. */
  private static final Map<String, String> NAME_COLUMNS =
      Map.of(
          SWITCH,
          "name",
          SWITCH_PORT,
          "name",
          ROUTER,
          "name",
          ROUTER_PORT,
          "name",
          DHCP,
          "cidr",
          BALANCER,
          "name",
          CHECK,
          "vip");

  /** Tables whose rows hang on others. */
  private static final Map<String, Holder> HOLDERS =
      Map.of(
          SWITCH_PORT,
          new Holder(SWITCH, PORTS, true),
          ROUTER_PORT,
          new Holder(ROUTER, PORTS, true),
          BALANCER,
          new Holder(SWITCH, BALANCERS, false),
          CHECK,
          new Holder(BALANCER, CHECKS, true));

  private OvnLayout() {}

  static List<Monitored> northbound() {
    NavigableMap<String, List<String>> owned =
        new TreeMap<>(
            Map.of(
                "NB_Global",
                List.of("nb_cfg", "options"),
                SWITCH,
                List.of("name", "other_config", PORTS, BALANCERS, MARKER),
                SWITCH_PORT,
                List.of(
                    "name",
                    "type",
                    "options",
                    "tag",
                    "addresses",
                    "port_security",
                    "dhcpv4_options",
                    MARKER),
                ROUTER,
                List.of("name", "options", PORTS, MARKER),
                ROUTER_PORT,
                List.of("name", "mac", "networks", "options", MARKER),
                DHCP,
                List.of("cidr", "options", MARKER),
                BALANCER,
                List.of("name", "protocol", "vips", "ip_port_mappings", CHECKS, MARKER),
                CHECK,
                List.of("vip", "options", MARKER)));
    NavigableMap<String, List<String>> names = new TreeMap<>();
    NAME_COLUMNS.forEach((table, column) -> names.put(table, List.of(column)));
    names.put(SWITCH_PORT, List.of("name", "type", "tag", "options"));
    return List.of(
        new Monitored(OWNED, owned, Optional.of(OwnerMarker.PAIR)),
        new Monitored(NAMES, names, Optional.empty()));
  }

  static List<Monitored> southbound() {
    return List.of(
        new Monitored(
            CHASSIS,
            new TreeMap<>(
                Map.of(
                    "SB_Global", List.of("nb_cfg"),
                    "Chassis", List.of("name", "hostname", "other_config"),
                    "Chassis_Private", List.of("name", "nb_cfg"))),
            Optional.empty()),
        new Monitored(
            BINDINGS,
            new TreeMap<>(
                Map.of(
                    "Port_Binding",
                    List.of("logical_port", "chassis", "additional_chassis", "up", MARKER))),
            Optional.of(OwnerMarker.PAIR)),
        new Monitored(
            PROBES,
            new TreeMap<>(Map.of("Service_Monitor", List.of("logical_port", "port", "status"))),
            Optional.empty()));
  }

  static String nameColumn(String table) {
    return Optional.ofNullable(NAME_COLUMNS.get(table))
        .orElseThrow(() -> new IllegalArgumentException("no name is known for rows of " + table));
  }

  /** Where a row of a dependent table hangs when it hangs on that row. */
  static Optional<Row.Parent> parent(String table, UUID holder) {
    return holder(table).map(h -> new Row.Parent(h.table(), holder, h.column()));
  }

  static Optional<Holder> holder(String table) {
    return Optional.ofNullable(HOLDERS.get(table));
  }

  /** The columns that hold rows of other tables. */
  static Stream<String> holdingColumns() {
    return HOLDERS.values().stream().map(Holder::column).distinct();
  }
}
