package dev.kumiko.e2e;

import dev.kumiko.v1alpha1.VirtualMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The example that most stories start from: two tenants, three networks, one image, four machines.
 */
final class Quickstart {
  static final Path MANIFESTS = Lab.examples().resolve("quickstart");
  static final int MACHINES = 4;
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private Quickstart() {}

  /**
   * Applies it, if it is not there, and waits until every machine is Ready. A namespace that a
   * story before deleted may still be on its way out.
   */
  static List<Guest> ready(Cloud cloud) {
    Cloud.await(PATIENCE, () -> "cannot be applied", () -> cloud.tryApply(MANIFESTS).ok());
    return cloud.untilAllReady(VirtualMachine.class, MACHINES, PATIENCE).stream()
        .map(Guest::new)
        .toList();
  }

  static boolean isReady(Cloud cloud) {
    List<VirtualMachine> machines = cloud.list(VirtualMachine.class);
    return machines.size() == MACHINES && machines.stream().allMatch(Cloud::isReady);
  }

  static Guest guest(List<Guest> guests, String name) {
    return guests.stream().filter(g -> g.name().equals(name)).findFirst().orElseThrow();
  }
}
