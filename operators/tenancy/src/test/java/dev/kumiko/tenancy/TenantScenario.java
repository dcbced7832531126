package dev.kumiko.tenancy;

import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Tenant;
import dev.kumiko.v1alpha1.Vrf;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** One tenant in an empty cluster; the network operator answers its Vrf. */
final class TenantScenario implements Scenario<Tenant> {
  private final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());

  @Override
  public InMemoryCluster cluster() {
    return cluster;
  }

  @Override
  public Kind<Tenant, ?, ?, ?> kind() {
    return new TenantKind(cluster);
  }

  @Override
  public Tenant resource() {
    return acme();
  }

  static Tenant acme() {
    Tenant tenant = new Tenant();
    tenant.setMetadata(new ObjectMetaBuilder().withName("acme").build());
    tenant.setSpec(
        new Tenant.Spec(
            "main",
            new Tenant.Quota(4, 8, 2, null, null),
            List.of(
                new Tenant.Member(Tenant.SubjectKind.User, "ann", Tenant.Role.Admin),
                new Tenant.Member(Tenant.SubjectKind.Group, "staff", Tenant.Role.Editor),
                new Tenant.Member(Tenant.SubjectKind.User, "bob", Tenant.Role.Editor),
                new Tenant.Member(
                    Tenant.SubjectKind.ServiceAccount, "ci:robot", Tenant.Role.Viewer))));
    return tenant;
  }

  @Override
  public void neighbours() {
    for (Vrf vrf : cluster.list(Vrf.class)) {
      if (vrf.getMetadata().getDeletionTimestamp() != null) {
        cluster.removeFinalizer(vrf);
      } else if (!vrf.observed().isReady()) {
        cluster.addFinalizer(vrf);
        Vrf latest = cluster.get(Vrf.class, "", vrf.getMetadata().getName()).orElseThrow();
        latest.setStatus(answer());
        cluster.updateStatus(latest);
      }
    }
  }

  private static Vrf.Status answer() {
    Condition ready = new Condition("Ready", "True", "Ready", "", "2026-01-01T00:00:00Z", 1L);
    return new Vrf.Status(1L, List.of(ready), List.of(), List.of(), "lr-1");
  }

  @Override
  public List<String> endpoints() {
    return List.of();
  }

  @Override
  public void fail(String endpoint) {
    throw new IllegalArgumentException(endpoint);
  }

  @Override
  public void heal(String endpoint) {
    throw new IllegalArgumentException(endpoint);
  }

  /** Names of all objects but the Tenant, with what ours say. */
  @Override
  public Object world() {
    return List.of(
        cluster.names().stream().filter(name -> !name.startsWith("Tenant ")).toList(),
        cluster.list(RoleBinding.class).stream().map(TenantObjects::access).toList(),
        cluster.list(ResourceQuota.class).stream().map(TenantObjects::limits).toList());
  }

  @Override
  public Object emptyWorld() {
    return List.of(List.of(), List.of(), List.<Map<String, Integer>>of());
  }
}
