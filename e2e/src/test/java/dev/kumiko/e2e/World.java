package dev.kumiko.e2e;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * What libvirt, Ceph and OVN hold, read by their own tools and not by ours.
 *
 * @param domains as {@code host/name}
 * @param given what else the hosts have: libvirt secrets and storage pools, as {@code host/name}
 * @param consoles logs of serial consoles on the hosts
 * @param images names of the RBD images in the lab's pool
 * @param trash what lies in the trash of the pool
 * @param switches names of the logical switches
 * @param routers names of the logical routers
 * @param marked rows of OVN's northbound database with our marker, as {@code table uuid}
 */
record World(
    List<String> domains,
    List<String> given,
    List<String> consoles,
    List<String> images,
    List<String> trash,
    List<String> switches,
    List<String> routers,
    List<String> marked) {
  static final List<String> HOSTS = List.of("h1", "h2", "h3");

  /** Tables that rows of ours may be in; what hangs on a row goes with it, these do not. */
  private static final List<String> ROOTS =
      List.of("Logical_Switch", "Logical_Router", "DHCP_Options", "Load_Balancer");

  /** Hosts beside these. */
  static List<String> others(String... these) {
    return HOSTS.stream().filter(h -> !List.of(these).contains(h)).toList();
  }

  static World observe() {
    List<String> domains =
        HOSTS.stream()
            .flatMap(
                h -> lines(Lab.run("virsh", h, "list", "--all", "--name")).map(d -> h + "/" + d))
            .sorted()
            .toList();
    List<String> given = HOSTS.stream().flatMap(World::given).sorted().toList();
    return new World(
        domains,
        given,
        HOSTS.stream()
            .filter(h -> given.contains(h + "/kumiko-console"))
            .flatMap(World::consoles)
            .sorted()
            .toList(),
        lines(Lab.run("rbd", "ls", "vms")).sorted().toList(),
        lines(Lab.run("rbd", "trash", "ls", "vms")).sorted().toList(),
        names("Logical_Switch"),
        names("Logical_Router"),
        ROOTS.stream()
            .flatMap(table ->
                rows("_uuid", table, "external_ids:kumiko.uid!=\"\"").map(u -> table + " " + u))
            .toList());
  }

  /** What is observed when nothing has changed for a while. */
  static World settled() {
    AtomicReference<World> last = new AtomicReference<>(observe());
    await()
        .pollInterval(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          World now = observe();
          return now.equals(last.getAndSet(now));
        });
    return last.get();
  }

  private static Stream<String> given(String host) {
    return Stream.concat(
            lines(Lab.run("virsh", host, "secret-list")).filter(line -> line.contains("kumiko")),
            lines(Lab.run("virsh", host, "pool-list", "--all", "--name")))
        .map(line -> host + "/" + line);
  }

  private static Stream<String> consoles(String host) {
    Lab.run("virsh", host, "pool-refresh", "kumiko-console");
    return lines(Lab.run("virsh", host, "vol-list", "kumiko-console"))
        .filter(line -> line.contains(".log"))
        .map(line -> host + "/" + line);
  }

  private static List<String> names(String table) {
    return rows("name", table).sorted().toList();
  }

  static Stream<String> rows(String column, String table, String... conditions) {
    List<String> command =
        new ArrayList<>(List.of("nbctl", "--bare", "--columns=" + column, "find", table));
    command.addAll(List.of(conditions));
    return lines(Lab.run(command.toArray(String[]::new))).sorted();
  }

  static Stream<String> lines(String output) {
    return output.lines().map(String::strip).filter(line -> !line.isEmpty());
  }

  boolean isEmpty() {
    return Stream.of(domains, given, consoles, images, trash, switches, routers, marked)
        .allMatch(List::isEmpty);
  }
}
