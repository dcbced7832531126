package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A Ceph key that may not keep a dead host from its disks: no machine is started on such a pool,
 * and what is to be granted is said so that it can be pasted.
 */
@Order(72)
@ExtendWith(Evidence.class)
final class GrantIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration LONGER_THAN_A_START = Duration.ofSeconds(8);
  private static final Pattern COMMAND =
      Pattern.compile(
          "ceph auth caps client\\.kumiko (\\w+) '([^']*)' (\\w+) '([^']*)' (\\w+) '([^']*)'");
  private final Cloud cloud = new Cloud();

  @AfterEach
  void close() {
    grant(
        "profile rbd, allow r, allow command \"osd blocklist\"",
        "profile rbd pool=vms",
        "profile rbd pool=vms");
    runPolicy("Always");
    cloud.kubectl("", "-n", "acme", "delete", "vm", "late", "--ignore-not-found");
    cloud.close();
  }

  @Test
  void withoutTheBlocklistNoMachineIsStarted() {
    Guest guest = Quickstart.guest(Quickstart.ready(cloud), "web-1");
    runPolicy("Stopped");
    cloud.until(
        VirtualMachine.class, "acme", "web-2", PATIENCE, v -> v.observed().placement() == null);
    grant("profile rbd-read-only", "profile rbd pool=vms", "profile rbd pool=vms");
    Lab.run("operators", "crash", "storage");
    StoragePool refused =
        cloud.until(
            StoragePool.class,
            "",
            "vms",
            PATIENCE,
            p -> Cloud.explain(p).contains("PermissionMissing"));
    assertThat(Cloud.explain(refused)).contains("block a failed host's access to its disks");

    runPolicy("Always");
    cloud.kubectl(late(), "apply", "-f", "-");
    await()
        .during(LONGER_THAN_A_START)
        .atMost(LONGER_THAN_A_START.plusSeconds(2))
        .untilAsserted(() ->
            assertThat(List.of("web-2", "late"))
                .allSatisfy(
                    name -> assertThat(domains()).noneMatch(d -> d.contains("." + name + "."))));
    cloud.until(
        Attachment.class,
        "acme",
        "web-2-root",
        PATIENCE,
        a -> Cloud.explain(a).contains("StoragePool vms is not Ready"));
    assertThat(guest.status(10)).as("who runs goes on").isPresent();

    Matcher command = COMMAND.matcher(Cloud.explain(refused));
    assertThat(command.find()).as(Cloud.explain(refused)).isTrue();
    grant(command.group(2), command.group(4), command.group(6));
    cloud.until(StoragePool.class, "", "vms", PATIENCE, Cloud::isReady);
    cloud.until(VirtualMachine.class, "acme", "web-2", PATIENCE, Cloud::isReady);
    cloud.until(VirtualMachine.class, "acme", "late", PATIENCE, Cloud::isReady);
  }

  private void grant(String mon, String osd, String mgr) {
    cloud
        .shell()
        .run(PATIENCE, "ceph", "auth", "caps", "client.kumiko", "mon", mon, "osd", osd, "mgr", mgr);
  }

  private void runPolicy(String policy) {
    cloud.patch("acme", "vm", "web-2", "{\"spec\":{\"runPolicy\":\"" + policy + "\"}}");
  }

  private static List<String> domains() {
    return World.HOSTS.stream()
        .flatMap(h -> World.lines(Lab.run("virsh", h, "list", "--name")))
        .toList();
  }

  private static String late() {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: VirtualMachine
    metadata: {name: late, namespace: acme, labels: {story: grant}}
    spec:
      instanceType: tiny
      disks: [{name: root, template: {pool: vms, image: tiny}}]
    """;
  }
}
