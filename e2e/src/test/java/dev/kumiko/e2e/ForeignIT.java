package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Fabric;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Things on the hosts, in the pool and on the fabric that are not ours stay as they are. */
@Order(30)
@ExtendWith(Evidence.class)
final class ForeignIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private final Cloud cloud = new Cloud();

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void whatIsForeignIsCountedAndLeftAlone() {
    untilForeign(0);
    define("h3", "legacy");
    Lab.run("rbd", "create", "vms/legacy", "--size", "8M");
    Lab.run("nbctl", "ls-add", "legacy");
    try {
      untilForeign(1);
      assertThat(Lab.run("virsh", "h3", "list", "--all", "--name")).contains("legacy");
      assertThat(Lab.run("rbd", "info", "vms/legacy")).contains("size 8 MiB");
      assertThat(World.rows("name", "Logical_Switch", "name=legacy").toList()).hasSize(1);
    } finally {
      for (String remove :
          List.of("virsh h3 undefine legacy", "rbd rm vms/legacy", "nbctl ls-del legacy")) {
        Lab.ask(Duration.ofSeconds(20), remove.split(" "));
      }
    }
    untilForeign(0);
  }

  private void untilForeign(Integer each) {
    cloud.until(Host.class, "", "h3", PATIENCE, h -> each.equals(h.observed().foreignGuests()));
    cloud.until(
        StoragePool.class, "", "vms", PATIENCE, p -> each.equals(p.observed().foreignImages()));
    cloud.until(
        Fabric.class, "", "main", PATIENCE, f -> each.equals(f.observed().foreignSegments()));
  }

  @Test
  void anImageWithOurNameButWithoutOurMarkerIsReportedAndKept() {
    Quickstart.ready(cloud);
    cloud.kubectl(volume("Paused"), "apply", "-f", "-");
    Volume volume = cloud.get(Volume.class, "acme", "clash").orElseThrow();
    String image = "vms/volume-" + volume.getMetadata().getUid();
    Lab.run("rbd", "create", image, "--size", "8M");
    try {
      cloud.kubectl(volume("Enforce"), "apply", "-f", "-");
      Volume reported =
          cloud.until(
              Volume.class, "acme", "clash", PATIENCE, v -> !v.observed().conditions().isEmpty());
      assertThat(reported.observed().isReady()).isFalse();
      assertThat(Cloud.explain(reported)).contains("volume-" + volume.getMetadata().getUid());
      cloud.kubectl("", "-n", "acme", "delete", "volume", "clash", "--timeout=40s");
      assertThat(World.observe().images()).contains("volume-" + volume.getMetadata().getUid());
      assertThat(Lab.run("rbd", "info", image)).contains("size 8 MiB");
    } finally {
      Lab.run("rbd", "rm", image);
    }
  }

  @Test
  void aForeignLogicalSwitchWithOurNameIsReportedAndLeftAlone() {
    Quickstart.ready(cloud);
    String name = "acme/clash";
    Lab.run("nbctl", "ls-add", name);
    String row = World.rows("_uuid", "Logical_Switch", "name=\"" + name + "\"").toList().getFirst();
    String before = Lab.run("nbctl", "list", "Logical_Switch", row);
    try {
      cloud.kubectl(network(), "apply", "-f", "-");
      Network reported =
          cloud.until(
              Network.class,
              "acme",
              "clash",
              PATIENCE,
              n -> n.observed().conditions().toString().contains(name));
      assertThat(reported.observed().conditions().toString()).containsIgnoringCase("foreign");
      cloud.kubectl("", "-n", "acme", "delete", "network", "clash", "--timeout=40s");
      assertThat(Lab.run("nbctl", "list", "Logical_Switch", row)).isEqualTo(before);
    } finally {
      Lab.run("nbctl", "ls-del", row);
    }
  }

  private static String network() {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: Network
    metadata: {name: clash, namespace: acme, labels: {story: foreign}}
    spec: {subnets: [{cidr: 10.10.77.0/24}]}
    """;
  }

  @Test
  void aForeignDomainWithAMachinesNameIsReportedAndKept() {
    Guest guest = Quickstart.ready(cloud).getFirst();
    cloud.patch(guest.tenant(), "vm", guest.name(), "{\"spec\":{\"runPolicy\":\"Stopped\"}}");
    VirtualMachine stopped =
        cloud.until(
            VirtualMachine.class,
            guest.tenant(),
            guest.name(),
            PATIENCE,
            v -> "Stopped".equals(v.observed().phase()));
    String domain =
        stopped.getMetadata().getNamespace()
            + "."
            + guest.name()
            + "."
            + stopped.getMetadata().getUid().substring(0, 8);
    for (String host : World.HOSTS) {
      Lab.ask(Duration.ofSeconds(20), "virsh", host, "undefine", domain);
      define(host, domain);
    }
    try {
      cloud.patch(guest.tenant(), "vm", guest.name(), "{\"spec\":{\"runPolicy\":\"Always\"}}");
      VirtualMachine reported =
          cloud.until(
              VirtualMachine.class,
              guest.tenant(),
              guest.name(),
              PATIENCE,
              v -> Cloud.explain(v).contains(domain));
      assertThat(reported.observed().isReady()).isFalse();
    } finally {
      World.HOSTS.forEach(h -> Lab.run("virsh", h, "undefine", domain));
    }
    cloud.until(
        VirtualMachine.class, guest.tenant(), guest.name(), Quickstart.PATIENCE, Cloud::isReady);
  }

  private static void define(String host, String name) {
    Lab.run(
        "define",
        host,
        "<domain type='qemu'><name>%s</name><memory unit='MiB'>32</memory><os><type arch='x86_64'>hvm</type></os></domain>"
            .formatted(name));
  }

  private static String volume(String mode) {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: Volume
    metadata: {name: clash, namespace: acme, annotations: {kumiko.dev/reconcile: %s}}
    spec: {pool: vms, size: 16Mi}
    """
        .formatted(mode);
  }
}
