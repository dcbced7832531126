package dev.kumiko.tenancy;

import dev.kumiko.v1alpha1.Kumiko;
import dev.kumiko.v1alpha1.Tenant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ask.
 *
 * @param name of the tenant, its namespace and its Vrf
 * @param quota hard limits of the ResourceQuota; empty: none
 */
record DesiredTenant(String name, String fabric, List<Access> access, Map<String, Integer> quota) {
  DesiredTenant {
    access = List.copyOf(access);
    quota = Map.copyOf(quota);
  }

  /** The names that bindings of ours have, each that of the ClusterRole that it binds. */
  static final Set<String> ROLES =
      Stream.concat(
              Arrays.stream(Tenant.Role.values()).map(DesiredTenant::roleName),
              Stream.of("storage", "compute").map(group -> operator(group).role()))
          .collect(Collectors.toUnmodifiableSet());

  static DesiredTenant of(Tenant tenant) {
    Tenant.Spec spec = tenant.getSpec();
    List<Access> access = new ArrayList<>();
    for (Tenant.Role role : Tenant.Role.values()) {
      Set<Access.Subject> subjects =
          spec.members().stream()
              .filter(member -> member.role() == role)
              .map(DesiredTenant::subject)
              .collect(Collectors.toSet());
      if (!subjects.isEmpty()) {
        access.add(new Access(roleName(role), subjects, false));
      }
    }
    access.add(operator("storage"));
    access.add(operator("compute"));
    return new DesiredTenant(
        tenant.getMetadata().getName(), spec.fabric(), access, limits(spec.quota()));
  }

  /** The chart's ClusterRole for members. */
  private static String roleName(Tenant.Role role) {
    return switch (role) {
      case Admin -> "kumiko-tenant-admin";
      case Editor -> "kumiko-tenant-editor";
      case Viewer -> "kumiko-tenant-viewer";
    };
  }

  /** The chart's ClusterRole for what an operator may do inside of a tenant only. */
  private static Access operator(String group) {
    Access.Subject account =
        new Access.Subject("ServiceAccount", Kumiko.SYSTEM_NAMESPACE, "kumiko-" + group);
    return new Access("kumiko-" + group + "-in-tenant", Set.of(account), true);
  }

  private static Access.Subject subject(Tenant.Member member) {
    return switch (member.kind()) {
      case User, Group -> new Access.Subject(member.kind().name(), "", member.name());
      case ServiceAccount -> {
        String[] parts = member.name().split(":", 2);
        yield new Access.Subject("ServiceAccount", parts[0], parts[1]);
      }
    };
  }

  private static Map<String, Integer> limits(Tenant.@Nullable Quota quota) {
    Map<String, Integer> limits = new TreeMap<>();
    if (quota != null) {
      limit(limits, "virtualmachines", quota.virtualMachines());
      limit(limits, "volumes", quota.volumes());
      limit(limits, "networks", quota.networks());
      limit(limits, "images", quota.images());
      limit(limits, "ports", quota.ports());
    }
    return limits;
  }

  private static void limit(Map<String, Integer> limits, String plural, @Nullable Integer most) {
    if (most != null) {
      limits.put("count/" + plural + "." + Kumiko.GROUP, most);
    }
  }
}
