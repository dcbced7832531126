package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A running guest moves to another host and does not notice; a move that is deleted is none. */
@Order(29)
@ExtendWith(Evidence.class)
final class MigrationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private final Cloud cloud = new Cloud();

  @AfterEach
  void close() {
    cloud.kubectl("", "-n", "acme", "delete", "migration,vm", "-l", "story=mover");
    cloud.close();
  }

  @Test
  void theGuestGoesOnElsewhereWithItsDiskAndItsAddress() {
    Quickstart.ready(cloud);
    cloud.kubectl(MACHINE, "apply", "-f", "-");
    VirtualMachine before = untilReady();
    VirtualMachine.Placed from = placement(before);

    cloud.kubectl(migration("given-up", ", bandwidthMebibytesPerSecond: 1"), "apply", "-f", "-");
    cloud.until(Migration.class, "acme", "given-up", PATIENCE, m -> is(m, Migration.Phase.Running));
    cloud.kubectl("", "-n", "acme", "delete", "migration", "given-up", "--timeout=60s");
    assertThat(placement(untilReady())).isEqualTo(from);

    cloud.kubectl(migration("away", ""), "apply", "-f", "-");
    Migration done =
        cloud.until(
            Migration.class, "acme", "away", PATIENCE, m -> is(m, Migration.Phase.Succeeded));
    assertThat(done.observed().source()).isEqualTo(from.host());
    assertThat(done.observed().downtimeMilliseconds()).isPositive();
    VirtualMachine after = untilReady();
    assertThat(placement(after)).isEqualTo(new VirtualMachine.Placed(target(done), from.epoch()));
    assertThat(new Guest(after).boots()).as("boots after it moved").isEqualTo(1);
    Cloud.await(
        PATIENCE,
        () -> "the source may still write",
        () ->
            cloud
                .get(Attachment.class, "acme", "mover-root")
                .filter(a -> a.observed().grantedHosts().equals(List.of(target(done))))
                .isPresent());
  }

  private static boolean is(Migration migration, Migration.Phase phase) {
    return migration.observed().phase() == phase;
  }

  private static String target(Migration migration) {
    return Optional.ofNullable(migration.observed().target()).orElseThrow();
  }

  private static VirtualMachine.Placed placement(VirtualMachine machine) {
    return Objects.requireNonNull(machine.observed().placement());
  }

  private VirtualMachine untilReady() {
    return cloud.until(VirtualMachine.class, "acme", "mover", Quickstart.PATIENCE, Cloud::isReady);
  }

  private static String migration(String name, String more) {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: Migration
    metadata: {name: %s, namespace: acme, labels: {story: mover}}
    spec: {virtualMachine: mover%s}
    """
        .formatted(name, more);
  }

  private static final String MACHINE =
      """
      apiVersion: kumiko.dev/v1alpha1
      kind: VirtualMachine
      metadata: {name: mover, namespace: acme, labels: {story: mover}}
      spec:
        instanceType: tiny
        disks: [{name: root, template: {pool: vms, image: tiny}}]
        interfaces: [{name: eth0, network: web}]
        cloudInit: {hostname: mover}
        readiness: {tcpPort: 80}
      """;
}
