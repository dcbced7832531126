package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.InstanceType;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A machine's disk grows while it runs; it is restarted, stopped and started by its spec. */
@Order(27)
@ExtendWith(Evidence.class)
final class LifeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String GROWN_BYTES = Long.toString(128L << 20);
  private final Cloud cloud = new Cloud();

  @AfterEach
  void close() {
    cloud.kubectl("", "-n", "acme", "delete", "vm", "life", "--ignore-not-found");
    cloud.kubectl("", "delete", "instancetype", "life", "--ignore-not-found");
    cloud.close();
  }

  @Test
  void growsRestartsStopsAndStarts() {
    Quickstart.ready(cloud);
    cloud.kubectl(machine("{pool: vms, image: tiny}"), "apply", "-f", "-");
    VirtualMachine machine = untilReady();
    assertThat(new Guest(machine).boots()).isEqualTo(1);

    cloud.kubectl(machine("{pool: vms, image: tiny, size: 128Mi}"), "apply", "-f", "-");
    Cloud.await(
        PATIENCE,
        () -> "vda has not grown: " + disk(machine),
        () -> disk(machine).contains(GROWN_BYTES));
    assertThat(new Guest(untilReady()).boots()).as("boots after its disk grew").isEqualTo(1);

    String again = "kumiko.dev/restartedAt=2026-01-01T00:00:00Z";
    cloud.kubectl("", "-n", "acme", "annotate", "vm", "life", again);
    untilBooted(2);

    runPolicy("Stopped");
    cloud.until(
        VirtualMachine.class,
        "acme",
        "life",
        PATIENCE,
        v -> "Stopped".equals(v.observed().phase()) && Cloud.isReady(v));
    assertThat(World.observe().domains()).noneMatch(d -> d.contains("acme.life."));
    cloud.kubectl("", "delete", "instancetype", "life", "--wait=false");
    cloud.until(InstanceType.class, "", "life", PATIENCE, t -> reason(t).equals("InUse"));
    runPolicy("Always");
    untilBooted(3);
    cloud.kubectl("", "-n", "acme", "delete", "vm", "life");
    Cloud.await(
        PATIENCE,
        () -> "InstanceType life is still there",
        () -> cloud.get(InstanceType.class, "", "life").isEmpty());
  }

  private static String reason(InstanceType type) {
    return type.observed().condition(Condition.READY).map(Condition::reason).orElse("");
  }

  private void untilBooted(int boots) {
    Cloud.await(
        Quickstart.PATIENCE,
        () -> "not booted " + boots + " times",
        () -> new Guest(untilReady()).boots() == boots);
  }

  private VirtualMachine untilReady() {
    return cloud.until(VirtualMachine.class, "acme", "life", Quickstart.PATIENCE, Cloud::isReady);
  }

  private void runPolicy(String policy) {
    cloud.patch("acme", "vm", "life", "{\"spec\":{\"runPolicy\":\"" + policy + "\"}}");
  }

  /** As QEMU sees it. */
  private static String disk(VirtualMachine machine) {
    String host = Cloud.placement(machine).host();
    return Lab.run("virsh", host, "domblkinfo", machine.getMetadata().getUid(), "vda");
  }

  private static String machine(String template) {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: InstanceType
    metadata: {name: life, labels: {story: life}}
    spec: {vcpus: 1, memory: 96Mi}
    ---
    apiVersion: kumiko.dev/v1alpha1
    kind: VirtualMachine
    metadata: {name: life, namespace: acme, labels: {story: life}}
    spec:
      instanceType: life
      disks: [{name: root, template: %s}]
      interfaces: [{name: eth0, network: web}]
      cloudInit: {hostname: life}
      readiness: {tcpPort: 80}
    """
        .formatted(template);
  }
}
