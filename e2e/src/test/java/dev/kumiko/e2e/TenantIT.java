package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Tenant;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A member of a tenant works in its namespace, within its quota, and nowhere else. */
@Order(25)
@ExtendWith(Evidence.class)
final class TenantIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private final Cloud cloud = new Cloud();

  @BeforeEach
  void theTenantsAreThere() {
    Quickstart.ready(cloud);
  }

  @AfterEach
  void close() {
    cloud.kubectl("", "-n", "acme", "delete", "vm,volume", "-l", "story=tenant");
    quota("{\"virtualMachines\":50,\"volumes\":150,\"networks\":8}");
    cloud.close();
  }

  @Test
  void anAdminOfOneTenantWritesInItsNamespaceAndReadsNoOther() {
    assertThat(as("ann", volume("acme"), "apply", "-f", "-").ok()).isTrue();
    cloud.until(Volume.class, "acme", "tenant-data", PATIENCE, Cloud::isReady);
    assertThat(as("ann", "", "-n", "acme", "get", "vm,port,network").ok()).isTrue();
    assertForbidden(as("ann", "", "-n", "globex", "get", "vm"));
    assertForbidden(as("ann", volume("globex"), "create", "-f", "-"));
    assertForbidden(as("hank", "", "-n", "acme", "get", "volume"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-n acme patch volume tenant-data --subresource=status --type=merge -p {\"status\":{\"image\":\"vms/other\"}}",
        "-n acme patch attachment web-1-root --type=merge -p {\"spec\":{\"hosts\":[\"h1\",\"h2\"]}}",
        "-n acme delete attachment --all",
        "-n kumiko-system get secrets",
        "get claims",
        "get storagepools -o yaml",
        "patch host h1 --type=merge -p {\"spec\":{\"storageAddresses\":[]}}",
        "patch tenant acme --type=merge -p {\"spec\":{\"quota\":{\"volumes\":9999}}}",
        "delete vrf acme"
      })
  void whatBelongsToThePlatformIsOutOfReach(String command) {
    assertForbidden(as("ann", "", command.split(" ")));
  }

  @Test
  void aFinalizerIsNotTakenAwayByHand() {
    assertThat(as("ann", volume("acme"), "apply", "-f", "-").ok()).isTrue();
    cloud.until(Volume.class, "acme", "tenant-data", PATIENCE, Cloud::isReady);
    Shell.Answer answer =
        as(
            "ann",
            "",
            "-n",
            "acme",
            "patch",
            "volume",
            "tenant-data",
            "--type=merge",
            "-p",
            "{\"metadata\":{\"finalizers\":[]}}");
    assertThat(answer.ok()).as(answer.output()).isFalse();
    assertThat(answer.output()).contains("kumiko.dev/finalizer");
  }

  @Test
  void whoHasUsedUpTheQuotaIsToldAndGoesOnWhenItIsRaised() {
    int volumes =
        cloud.client().resources(Volume.class).inNamespace("acme").list().getItems().size();
    quota("{\"virtualMachines\":50,\"volumes\":" + volumes + ",\"networks\":8}");
    Cloud.await(PATIENCE, () -> "the quota is not in force", () -> !fits());
    assertThat(as("ann", machine(), "apply", "-f", "-").ok()).isTrue();
    VirtualMachine told =
        cloud.until(
            VirtualMachine.class,
            "acme",
            "tenant-guest",
            PATIENCE,
            v ->
                v.observed()
                    .condition(Condition.READY)
                    .filter(c -> c.reason().equals("QuotaExceeded"))
                    .isPresent());
    assertThat(Cloud.explain(told)).contains("count/volumes.kumiko.dev", "spec.quota");
    quota("{\"virtualMachines\":50,\"volumes\":150,\"networks\":8}");
    cloud.until(
        VirtualMachine.class,
        "acme",
        "tenant-guest",
        Quickstart.PATIENCE,
        v -> "Running".equals(v.observed().phase()));
  }

  private boolean fits() {
    return as("ann", volume("acme"), "create", "--dry-run=server", "-f", "-").ok();
  }

  private void quota(String limits) {
    cloud.patch("", "tenant", "acme", "{\"spec\":{\"quota\":" + limits + "}}");
    cloud.until(Tenant.class, "", "acme", PATIENCE, Cloud::isReady);
  }

  private Shell.Answer as(String user, String input, String... arguments) {
    List<String> line = new ArrayList<>(List.of("--as=" + user));
    line.addAll(List.of(arguments));
    return cloud.tryKubectl(input, line.toArray(String[]::new));
  }

  private static void assertForbidden(Shell.Answer answer) {
    assertThat(answer.ok()).as(answer.output()).isFalse();
    assertThat(answer.output()).contains("Forbidden");
  }

  private static String volume(String namespace) {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: Volume
    metadata: {name: tenant-data, namespace: %s, labels: {story: tenant}}
    spec: {pool: vms, size: 16Mi}
    """
        .formatted(namespace);
  }

  private static String machine() {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: VirtualMachine
    metadata: {name: tenant-guest, namespace: acme, labels: {story: tenant}}
    spec:
      instanceType: tiny
      disks: [{name: root, template: {pool: vms, image: tiny}}]
    """;
  }
}
