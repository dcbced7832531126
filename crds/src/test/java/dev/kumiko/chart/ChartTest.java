package dev.kumiko.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart is sound, and gives each operator what it needs and no more. */
final class ChartTest {
  private static final List<String> OPERATORS = List.of("tenancy", "network", "storage", "compute");
  private static final Rendered DEFAULTS = Rendered.with("{}");

  @Test
  void passesLint() {
    var result = new Helm(Rendered.CHART).lint().strict().call();
    assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
  }

  @Test
  void runsFourDeployments() {
    assertThat(DEFAULTS.kind("Deployment").stream().map(Rendered::name))
        .containsExactlyInAnyOrder(
            "kumiko-tenancy", "kumiko-network", "kumiko-storage", "kumiko-compute");
    for (String operator : OPERATORS) {
      JsonNode container =
          DEFAULTS.one("Deployment", "kumiko-" + operator).at("/spec/template/spec/containers/0");
      assertThat(container.path("args").valueStream().map(JsonNode::asText))
          .contains("--kinds=" + operator, "--lease=kumiko-" + operator);
      assertThat(container.path("image").asText()).isEqualTo("kumiko:0.1.0");
    }
  }

  @Test
  void podsRunWithoutRootOnAReadOnlyRoot() {
    for (JsonNode deployment : DEFAULTS.kind("Deployment")) {
      JsonNode pod = deployment.at("/spec/template/spec");
      assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
      JsonNode container = pod.at("/containers/0");
      assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
      assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
          .isFalse();
      assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/healthz");
      assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/readyz");
    }
  }

  @Test
  void platformSecretsAreReadByNameAndOnlyByTheirOperator() {
    assertThat(DEFAULTS.allowed("kumiko-storage"))
        .contains("get secrets/ceph-operator")
        .doesNotContain("get secrets/ovn-client-tls", "get secrets/libvirt-client-tls");
    assertThat(DEFAULTS.allowed("kumiko-compute"))
        .contains("get secrets/libvirt-client-tls", "get secrets/ceph-guest")
        .doesNotContain("get secrets/ceph-operator", "get secrets/ovn-client-tls");
    assertThat(DEFAULTS.allowed("kumiko-network"))
        .contains("get secrets/ovn-client-tls")
        .doesNotContain("get secrets/ceph-operator", "get secrets/ceph-guest");
    for (String operator : OPERATORS) {
      assertThat(DEFAULTS.allowed("kumiko-" + operator))
          .as("%s must not see all Secrets", operator)
          .doesNotContain("get secrets", "list secrets", "watch secrets");
    }
  }

  @Test
  void operatorsWriteWhatIsTheirsAndNothingElse() {
    assertThat(DEFAULTS.allowed("kumiko-tenancy"))
        .contains("create namespaces", "create vrfs", "patch tenants/status", "list volumes")
        .doesNotContain("patch volumes", "delete volumes", "create clusterroles");
    assertThat(DEFAULTS.allowed("kumiko-network"))
        .contains("create claims", "update ports/status", "patch networks")
        .doesNotContain("create ports", "delete networks", "patch virtualmachines/status");
    assertThat(DEFAULTS.allowed("kumiko-storage"))
        .contains("update volumes/status", "patch attachments", "list hosts")
        .contains("update fences/status", "get fences")
        .doesNotContain(
            "create fences",
            "delete fences",
            "create attachments",
            "delete volumes",
            "update hosts/status");
    assertThat(DEFAULTS.allowed("kumiko-compute"))
        .contains("create attachments", "delete ports", "get instancetypes")
        .contains("create fences", "update fences", "delete fences")
        .doesNotContain(
            "update fences/status",
            "update volumes/status",
            "update attachments/status",
            "patch networks");
  }

  @Test
  void tenantsSeeNoFencesAndThePlatformOnlyReadsThem() {
    assertThat(rulesOf("kumiko-platform-admin"))
        .filteredOn(rule -> rule.path("resources").toString().contains("\"fences\""))
        .singleElement()
        .satisfies(rule ->
            assertThat(rule.path("verbs").valueStream().map(JsonNode::asText))
                .containsExactlyInAnyOrder("get", "list", "watch"));
    for (String role :
        List.of("kumiko-tenant-viewer", "kumiko-tenant-writer", "kumiko-catalog-viewer")) {
      assertThat(rulesOf(role).toString()).doesNotContain("fences");
    }
  }

  private static List<JsonNode> rulesOf(String role) {
    return DEFAULTS.one("ClusterRole", role).path("rules").valueStream().toList();
  }

  @Test
  void eachOperatorHoldsItsOwnLeaseOnly() {
    for (String operator : OPERATORS) {
      assertThat(DEFAULTS.allowed("kumiko-" + operator).stream().filter(a -> a.contains("leases/")))
          .allMatch(a -> a.endsWith("/kumiko-" + operator))
          .isNotEmpty();
    }
  }

  @Test
  void everyKindOfTheTableExists() throws IOException {
    try (Stream<Path> crds = Files.list(Rendered.CHART.resolve("crds"))) {
      List<String> plurals =
          crds.map(p -> p.getFileName().toString().replaceFirst("\\..*", "")).toList();
      for (JsonNode role : DEFAULTS.kind("ClusterRole")) {
        for (JsonNode rule : role.path("rules")) {
          if (rule.path("apiGroups").path(0).asText().equals("kumiko.dev")) {
            assertThat(rule.path("resources").valueStream())
                .as(Rendered.name(role))
                .allMatch(r -> plurals.contains(r.asText().replaceFirst("/.*", "")));
          }
        }
      }
    }
  }

  @Test
  void importsStayBelowWhatThePodsVolumeMayHold() {
    JsonNode pod =
        Rendered.with("{scratch: {gibibytes: 40}}")
            .one("Deployment", "kumiko-storage")
            .at("/spec/template/spec");
    assertThat(pod.at("/containers/0/args").valueStream().map(JsonNode::asText))
        .contains("--scratch-gibibytes=40");
    assertThat(pod.at("/volumes/0/emptyDir/sizeLimit").asText()).isEqualTo("41Gi");
  }

  @Test
  void aProcessWithoutMemoryEndsInsteadOfLingering() {
    assertThat(DEFAULTS.kind("Deployment"))
        .allMatch(d -> d.toString().contains("-XX:+ExitOnOutOfMemoryError"));
  }

  @Test
  void everyPolicyIsBound() {
    assertThat(DEFAULTS.kind("ValidatingAdmissionPolicy").stream().map(Rendered::name))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(
            DEFAULTS.kind("ValidatingAdmissionPolicyBinding").stream()
                .map(b -> b.at("/spec/policyName").asText())
                .toList());
  }

  @Test
  void optionalPartsAppearWhenAskedFor() {
    assertThat(DEFAULTS.kind("PrometheusRule")).isEmpty();
    Rendered asked =
        Rendered.with("{prometheusRule: {enabled: true}, podMonitor: {enabled: true}}");
    assertThat(asked.kind("PrometheusRule")).hasSize(1);
    assertThat(asked.kind("PodMonitor")).hasSize(1);
    Rendered bare = Rendered.with("{admission: {enabled: false}, userRoles: {enabled: false}}");
    assertThat(bare.kind("ValidatingAdmissionPolicy")).isEmpty();
    assertThat(bare.kind("ClusterRole").stream().map(Rendered::name))
        .doesNotContain("kumiko-tenant-admin");
  }

  @Test
  void anotherNamespaceIsRefusedWithTheMend() {
    assertThatThrownBy(() -> Rendered.in("default", "{}"))
        .hasMessageContaining("install into the namespace kumiko-system");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "httpPort: many",
        "scratch: {gibibytes: 2Gi}",
        "deployments: {compute: {replicas: many}}",
        "secrets: {netwrok: []}"
      })
  void wrongValuesAreRefused(String values) {
    assertThatThrownBy(() -> Rendered.with(values)).hasMessageContaining("schema");
  }
}
