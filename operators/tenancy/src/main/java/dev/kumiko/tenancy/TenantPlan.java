package dev.kumiko.tenancy;

import dev.kumiko.reconcile.Desired;
import dev.kumiko.tenancy.ObservedTenant.Space;
import dev.kumiko.tenancy.TenantAction.CreateNamespace;
import dev.kumiko.tenancy.TenantAction.CreateVrf;
import dev.kumiko.tenancy.TenantAction.DeleteNamespace;
import dev.kumiko.tenancy.TenantAction.DeleteVrf;
import dev.kumiko.tenancy.TenantAction.Grant;
import dev.kumiko.tenancy.TenantAction.RemoveQuota;
import dev.kumiko.tenancy.TenantAction.Revoke;
import dev.kumiko.tenancy.TenantAction.SetQuota;
import java.util.ArrayList;
import java.util.List;

/** Which actions lead to the desired tenant. Pure. */
final class TenantPlan {
  private TenantPlan() {}

  static List<TenantAction> plan(Desired<DesiredTenant> desired, ObservedTenant observed) {
    return switch (desired) {
      case Desired.Present<DesiredTenant>(var tenant) -> present(tenant, observed);
      case Desired.Absent<DesiredTenant>(var tenant) -> absent(tenant.name(), observed);
      case Desired.Blocked<DesiredTenant> _ -> List.of();
    };
  }

  /** What follows the Vrf. */
  static List<TenantAction> outlook(Desired<DesiredTenant> desired, ObservedTenant observed) {
    return desired instanceof Desired.Absent<DesiredTenant>(DesiredTenant tenant)
            && observed.vrfOf(tenant.name()).isPresent()
        ? absent(tenant.name(), observed.withoutVrf())
        : List.of();
  }

  private static List<TenantAction> present(DesiredTenant tenant, ObservedTenant observed) {
    return switch (observed.space()) {
      case FOREIGN -> List.of();
      case TERMINATING -> observed.occupied() ? List.of() : letGo(tenant.name(), observed);
      case ABSENT, ACTIVE -> {
        List<TenantAction> plan = new ArrayList<>();
        if (observed.space() == Space.ABSENT) {
          plan.add(new CreateNamespace(tenant.name()));
        }
        if (!tenant.quota().equals(observed.quota())) {
          plan.add(
              tenant.quota().isEmpty()
                  ? new RemoveQuota(tenant.name())
                  : new SetQuota(tenant.name(), tenant.quota()));
        }
        plan.addAll(access(tenant, observed));
        if (observed.vrf().isEmpty()) {
          plan.add(new CreateVrf(tenant.name(), tenant.fabric()));
        }
        yield plan;
      }
    };
  }

  /** What a binding refers to cannot be changed: another role is another binding. */
  private static List<TenantAction> access(DesiredTenant tenant, ObservedTenant observed) {
    List<TenantAction> plan = new ArrayList<>(cleared(tenant.name(), observed));
    List<String> roles = tenant.access().stream().map(Access::role).toList();
    for (Access seen : observed.access()) {
      if (!roles.contains(seen.role())) {
        plan.add(new Revoke(tenant.name(), seen));
      }
    }
    for (Access asked : tenant.access()) {
      if (!observed.access().contains(asked)) {
        plan.add(new Grant(tenant.name(), asked));
      }
    }
    return plan;
  }

  private static List<TenantAction> cleared(String name, ObservedTenant observed) {
    return observed.misbound().stream()
        .<TenantAction>map(binding -> new TenantAction.Clear(name, binding))
        .toList();
  }

  /** The Vrf goes first: routes end before the place where their owner would be looked for. */
  private static List<TenantAction> absent(String name, ObservedTenant observed) {
    if (observed.vrfOf(name).isPresent()) {
      return List.of(new DeleteVrf(name));
    }
    return switch (observed.space()) {
      case ABSENT, FOREIGN -> List.of();
      case TERMINATING -> letGo(name, observed);
      case ACTIVE -> {
        List<TenantAction> plan = new ArrayList<>(cleared(name, observed));
        observed.access().forEach(access -> plan.add(new Revoke(name, access)));
        if (!observed.quota().isEmpty()) {
          plan.add(new RemoveQuota(name));
        }
        plan.add(new DeleteNamespace(name));
        yield plan;
      }
    };
  }

  /** Of a namespace that ends by itself only the held bindings are left to us. */
  private static List<TenantAction> letGo(String name, ObservedTenant observed) {
    List<TenantAction> plan = new ArrayList<>(cleared(name, observed));
    observed.access().stream()
        .filter(Access::held)
        .forEach(access -> plan.add(new Revoke(name, access)));
    return plan;
  }
}
