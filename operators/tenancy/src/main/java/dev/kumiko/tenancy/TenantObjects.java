package dev.kumiko.tenancy;

import dev.kumiko.v1alpha1.Kumiko;
import dev.kumiko.v1alpha1.Vrf;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The Kubernetes objects of a tenant, written from our records and read into them. */
final class TenantObjects {
  /** Keeps the operators' bindings while a tenant's objects still need them. */
  static final String IN_USE = Kumiko.GROUP + "/in-use";

  static final String QUOTA = "kumiko";

  /** Names the limits that we set: others may be added by whoever runs the cluster. */
  private static final String LIMITS = Kumiko.GROUP + "/limits";

  private static final String RBAC = "rbac.authorization.k8s.io";

  private TenantObjects() {}

  static Namespace namespace(String tenant) {
    return new NamespaceBuilder().withMetadata(meta(tenant).withName(tenant).build()).build();
  }

  static RoleBinding binding(String tenant, Access access) {
    ObjectMeta meta =
        meta(tenant)
            .withNamespace(tenant)
            .withName(access.role())
            .withFinalizers(access.held() ? List.of(IN_USE) : List.of())
            .build();
    return new RoleBindingBuilder()
        .withMetadata(meta)
        .withNewRoleRef(RBAC, "ClusterRole", access.role())
        .withSubjects(
            access.subjects().stream()
                .sorted(java.util.Comparator.comparing(Access.Subject::toString))
                .map(TenantObjects::subject)
                .toList())
        .build();
  }

  /** Whether it binds the role that its name says. */
  static boolean isBound(RoleBinding binding) {
    return binding.getRoleRef().getKind().equals("ClusterRole")
        && binding.getRoleRef().getName().equals(binding.getMetadata().getName());
  }

  static RoleBinding unheld(RoleBinding binding) {
    return new RoleBindingBuilder(binding)
        .editMetadata()
        .withFinalizers(List.of())
        .endMetadata()
        .build();
  }

  static Access access(RoleBinding binding) {
    Set<Access.Subject> subjects =
        binding.getSubjects().stream().map(TenantObjects::subject).collect(Collectors.toSet());
    return new Access(
        binding.getMetadata().getName(),
        subjects,
        binding.getMetadata().getFinalizers().contains(IN_USE));
  }

  static ResourceQuota quota(String tenant, Map<String, Integer> hard) {
    Map<String, Quantity> quantities = new TreeMap<>();
    hard.forEach((name, most) -> quantities.put(name, new Quantity(most.toString())));
    return new ResourceQuotaBuilder()
        .withMetadata(
            meta(tenant)
                .withNamespace(tenant)
                .withName(QUOTA)
                .addToAnnotations(LIMITS, String.join(",", quantities.keySet()))
                .build())
        .withNewSpec()
        .withHard(quantities)
        .endSpec()
        .build();
  }

  /** Those of ours. */
  static Map<String, Integer> limits(ResourceQuota quota) {
    Set<String> ours =
        Set.of(quota.getMetadata().getAnnotations().getOrDefault(LIMITS, "").split(","));
    return quota.getSpec().getHard().entrySet().stream()
        .filter(limit -> ours.contains(limit.getKey()))
        .collect(
            Collectors.toMap(Map.Entry::getKey, e -> e.getValue().getNumericalAmount().intValue()));
  }

  static Vrf vrf(String tenant, String fabric) {
    Vrf vrf = new Vrf();
    vrf.setMetadata(meta(tenant).withName(tenant).build());
    vrf.setSpec(new Vrf.Spec(fabric, tenant));
    return vrf;
  }

  private static ObjectMetaBuilder meta(String tenant) {
    return new ObjectMetaBuilder().withLabels(Map.of(Kumiko.TENANT, tenant));
  }

  private static Subject subject(Access.Subject subject) {
    SubjectBuilder builder = new SubjectBuilder().withKind(subject.kind()).withName(subject.name());
    return subject.namespace().isEmpty()
        ? builder.withApiGroup(RBAC).build()
        : builder.withNamespace(subject.namespace()).build();
  }

  private static Access.Subject subject(Subject subject) {
    String namespace = subject.getNamespace();
    return new Access.Subject(
        subject.getKind(), namespace == null ? "" : namespace, subject.getName());
  }
}
