package dev.kumiko.e2e;

import java.util.List;
import java.util.stream.Stream;

/**
 * What libvirt, Ceph and OVN hold, read by their own tools and not by ours.
 *
 * @param domains as {@code host/name state}
 * @param images names of the RBD images in the lab's pool
 * @param switches names of the logical switches
 * @param routers names of the logical routers
 */
record World(
    List<String> domains, List<String> images, List<String> switches, List<String> routers) {
  static final List<String> HOSTS = List.of("h1", "h2", "h3");

  static World observe() {
    List<String> domains =
        HOSTS.stream()
            .flatMap(
                h -> lines(Lab.run("virsh", h, "list", "--all", "--name")).map(d -> h + "/" + d))
            .sorted()
            .toList();
    return new World(
        domains,
        lines(Lab.run("rbd", "ls", "vms")).sorted().toList(),
        lines(Lab.run("nbctl", "--bare", "--columns=name", "list", "Logical_Switch"))
            .sorted()
            .toList(),
        lines(Lab.run("nbctl", "--bare", "--columns=name", "list", "Logical_Router"))
            .sorted()
            .toList());
  }

  static Stream<String> lines(String output) {
    return output.lines().map(String::strip).filter(line -> !line.isEmpty());
  }

  /** The host that holds a domain whose name begins like this. */
  static java.util.Optional<String> hostOf(String domain) {
    return observe().domains().stream()
        .filter(d -> d.substring(3).equals(domain))
        .map(d -> d.substring(0, 2))
        .findFirst();
  }
}
