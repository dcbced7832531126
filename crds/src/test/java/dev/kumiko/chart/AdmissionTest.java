package dev.kumiko.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The policies of the chart ask what they are there for. */
final class AdmissionTest {
  private static final Rendered DEFAULTS = Rendered.with("{}");
  private static final String TENANCY = "system:serviceaccount:kumiko-system:kumiko-tenancy";

  @Test
  void tenancyBindsRolesAndSetsQuotasInNamespacesOfTenantsOnly() {
    JsonNode policy = policy("tenancy-in-tenants");
    assertThat(asked(policy))
        .containsExactlyInAnyOrder(
            "CREATE rolebindings",
            "UPDATE rolebindings",
            "DELETE rolebindings",
            "CREATE resourcequotas",
            "UPDATE resourcequotas",
            "DELETE resourcequotas");
    assertThat(policy.at("/spec/matchConditions/0/expression").asText())
        .isEqualTo("request.userInfo.username == '" + TENANCY + "'");
    assertThat(expressions(policy))
        .containsExactly(
            "has(namespaceObject.metadata.labels) && 'kumiko.dev/tenant' in namespaceObject.metadata.labels");
  }

  @Test
  void tenancyDeletesNamespacesOfTenantsOnly() {
    JsonNode policy = policy("tenancy-deletes-tenants");
    assertThat(asked(policy)).containsExactly("DELETE namespaces");
    assertThat(policy.at("/spec/matchConditions/0/expression").asText()).contains(TENANCY);
    assertThat(expressions(policy))
        .containsExactly(
            "has(oldObject.metadata.labels) && 'kumiko.dev/tenant' in oldObject.metadata.labels");
  }

  @Test
  void tenancyCannotMakeATenantsNamespaceOfOneThatIsThere() {
    assertThat(expressions(policy("tenant-label")))
        .anyMatch(e -> e.contains("request.operation == 'CREATE' && request.userInfo.username"));
  }

  @Test
  void onlyOperatorsAndThoseWhoRunTheClusterTakeTheFinalizerAway() {
    JsonNode policy = policy("finalizers");
    assertThat(asked(policy)).containsExactly("UPDATE *");
    assertThat(expressions(policy))
        .singleElement()
        .asString()
        .startsWith("!variables.before || variables.after ||")
        .contains("system:serviceaccount:kumiko-system:kumiko-", "'system:masters'")
        .contains("variables.forced && authorizer");
    assertThat(policy.at("/spec/validations/0/messageExpression").asText())
        .contains("kumiko.dev/force-release: \"true\"");
  }

  @Test
  void handOversAreMadeAndFencesChangedByOperatorsOnly() {
    assertThat(asked(policy("handovers")))
        .containsExactlyInAnyOrder(
            "CREATE claims", "CREATE vrfs", "CREATE attachments", "CREATE fences");
    JsonNode fences = policy("fences");
    assertThat(asked(fences)).containsExactlyInAnyOrder("UPDATE fences", "DELETE fences");
    assertThat(expressions(fences))
        .singleElement()
        .asString()
        .contains("system:serviceaccount:kumiko-system:kumiko-", "object.spec == oldObject.spec")
        .contains("request.operation == 'DELETE' && has(request.userInfo.groups)");
  }

  @Test
  void deletionProtectionCoversNamespacesToo() {
    assertThat(asked(policy("deletion-protection")))
        .containsExactlyInAnyOrder("DELETE *", "DELETE namespaces");
  }

  private static JsonNode policy(String name) {
    return DEFAULTS.one("ValidatingAdmissionPolicy", "kumiko-" + name);
  }

  /** As {@code operation resource}. */
  private static List<String> asked(JsonNode policy) {
    return policy
        .at("/spec/matchConstraints/resourceRules")
        .valueStream()
        .flatMap(rule -> combinations(rule))
        .toList();
  }

  private static Stream<String> combinations(JsonNode rule) {
    return rule.path("resources")
        .valueStream()
        .flatMap(resource ->
            rule.path("operations")
                .valueStream()
                .map(operation -> operation.asText() + " " + resource.asText()));
  }

  private static List<String> expressions(JsonNode policy) {
    return policy
        .at("/spec/validations")
        .valueStream()
        .map(v -> v.path("expression").asText())
        .toList();
  }
}
