package dev.kumiko.tenancy;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Pass;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.tenancy.ObservedTenant.Space;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.Kumiko;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.Tenant;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import dev.kumiko.v1alpha1.Vrf;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes a Tenant true: a namespace with its roles and quota, and a Vrf. */
public final class TenantKind implements Kind<Tenant, DesiredTenant, ObservedTenant, TenantAction> {
  /** What lives in a tenant's namespace and keeps the tenant from going. */
  private static final List<Class<? extends HasMetadata>> OCCUPANTS =
      List.of(
          VirtualMachine.class,
          Attachment.class,
          Port.class,
          Volume.class,
          Image.class,
          Network.class);

  /** Of a thousand volumes the first few say enough. */
  private static final int NAMED_OCCUPANTS = 10;

  private final Cluster cluster;

  public TenantKind(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Class<Tenant> type() {
    return Tenant.class;
  }

  @Override
  public Desired<DesiredTenant> desire(Tenant tenant) {
    DesiredTenant asked = DesiredTenant.of(tenant);
    if (tenant.getMetadata().getDeletionTimestamp() == null) {
      return new Desired.Present<>(asked);
    }
    List<Wait> holding = holding(asked.name());
    return holding.isEmpty() ? new Desired.Absent<>(asked) : new Desired.Blocked<>(holding);
  }

  /** What must be gone before the next step of a deletion. */
  private List<Wait> holding(String name) {
    Space space = space(name);
    boolean ours = space == Space.ACTIVE || space == Space.TERMINATING;
    if (ours && occupants(name).findAny().isPresent()) {
      return occupants(name)
          .limit(NAMED_OCCUPANTS)
          .map(o -> Wait.referrer(o.getKind(), ObjectKey.of(o).toString()))
          .toList();
    }
    if (vrf(name).filter(TenantKind::isEnding).isPresent()) {
      return List.of(
          new Wait(
              "Vrf", name, "VrfNotGone", "Vrf " + name + " is on its way out: see its conditions"));
    }
    if (space == Space.TERMINATING && access(name).stream().noneMatch(Access::held)) {
      return List.of(ending(name));
    }
    return List.of();
  }

  @Override
  public ObservedTenant observe(Tenant tenant, DesiredTenant asked) {
    String name = asked.name();
    return new ObservedTenant(
        space(name),
        vrf(name).map(TenantKind::domain),
        access(name),
        bindings(name)
            .filter(binding -> !TenantObjects.isBound(binding))
            .map(binding -> binding.getMetadata().getName())
            .toList(),
        cluster
            .get(ResourceQuota.class, name, TenantObjects.QUOTA)
            .map(TenantObjects::limits)
            .orElseGet(Map::of),
        occupants(name).findAny().isPresent());
  }

  @Override
  public List<TenantAction> plan(Desired<DesiredTenant> desired, ObservedTenant observed) {
    return TenantPlan.plan(desired, observed);
  }

  @Override
  public List<String> outlook(Desired<DesiredTenant> desired, ObservedTenant observed) {
    return TenantPlan.outlook(desired, observed).stream().map(TenantAction::describe).toList();
  }

  @Override
  public void apply(Pass<Tenant> pass, TenantAction action) {
    switch (action) {
      case TenantAction.CreateNamespace(String name) -> createNamespace(name);
      case TenantAction.DeleteNamespace(String name) ->
          cluster.delete(TenantObjects.namespace(name));
      case TenantAction.Grant(String namespace, Access access) ->
          cluster.apply(TenantObjects.binding(namespace, access));
      case TenantAction.Revoke(String namespace, Access access) -> revoke(namespace, access);
      case TenantAction.Clear(String namespace, String name) ->
          cluster.get(RoleBinding.class, namespace, name).ifPresent(this::clear);
      case TenantAction.SetQuota(String namespace, var hard) ->
          cluster.apply(TenantObjects.quota(namespace, hard));
      case TenantAction.RemoveQuota(String namespace) ->
          cluster.delete(TenantObjects.quota(namespace, Map.of()));
      case TenantAction.CreateVrf(String name, String fabric) ->
          cluster.create(TenantObjects.vrf(name, fabric));
      case TenantAction.DeleteVrf(String name) -> cluster.delete(TenantObjects.vrf(name, ""));
    }
  }

  /** What follows in the plan is for a namespace of ours: one that appeared must be seen first. */
  private void createNamespace(String name) {
    if (!cluster.create(TenantObjects.namespace(name))) {
      throw new Conflict("Namespace " + name + " appeared since it was looked for");
    }
  }

  private void revoke(String namespace, Access access) {
    Access released = new Access(access.role(), access.subjects(), false);
    RoleBinding binding = TenantObjects.binding(namespace, released);
    if (access.held() && cluster.get(RoleBinding.class, namespace, access.role()).isPresent()) {
      cluster.apply(binding);
    }
    cluster.delete(binding);
  }

  private void clear(RoleBinding binding) {
    if (!binding.getMetadata().getFinalizers().isEmpty()) {
      cluster.replace(TenantObjects.unheld(binding));
    }
    cluster.delete(binding);
  }

  @Override
  public Report report(
      Tenant tenant, Desired<DesiredTenant> desired, Optional<ObservedTenant> observed) {
    return TenantReport.of(tenant, observed);
  }

  static Wait ending(String namespace) {
    return new Wait(
        "Namespace",
        namespace,
        "NamespaceTerminating",
        "Namespace " + namespace + " is being deleted: what is left in it is in its conditions");
  }

  @Override
  public List<Watch<?>> watches() {
    List<Watch<?>> watches = new ArrayList<>();
    watches.add(new Watch<>(Namespace.class, n -> List.of(tenantNamed(n.getMetadata().getName()))));
    watches.add(new Watch<>(Vrf.class, v -> List.of(tenantNamed(v.getSpec().tenant()))));
    watches.add(new Watch<>(RoleBinding.class, TenantKind::tenantOfNamed));
    watches.add(new Watch<>(ResourceQuota.class, TenantKind::tenantOfLabelled));
    OCCUPANTS.forEach(type -> watches.add(leaving(type)));
    return watches;
  }

  /** An occupant matters only to a tenant that is to go. */
  private <T extends HasMetadata> Watch<T> leaving(Class<T> type) {
    return new Watch<>(
        type,
        occupant ->
            cluster.get(Tenant.class, "", occupant.getMetadata().getNamespace()).stream()
                .filter(TenantKind::isEnding)
                .map(ObjectKey::of)
                .toList());
  }

  private static boolean isNamedAsOurs(RoleBinding binding) {
    return DesiredTenant.ROLES.contains(binding.getMetadata().getName());
  }

  private static List<ObjectKey> tenantOfNamed(RoleBinding binding) {
    return isNamedAsOurs(binding)
        ? List.of(tenantNamed(binding.getMetadata().getNamespace()))
        : List.of();
  }

  private static List<ObjectKey> tenantOfLabelled(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null && labels.containsKey(Kumiko.TENANT)
        ? List.of(tenantNamed(object.getMetadata().getNamespace()))
        : List.of();
  }

  private static ObjectKey tenantNamed(String name) {
    return new ObjectKey("", name);
  }

  private Space space(String name) {
    return cluster
        .get(Namespace.class, "", name)
        .map(namespace -> {
          Map<String, String> labels = namespace.getMetadata().getLabels();
          if (labels == null || !name.equals(labels.get(Kumiko.TENANT))) {
            return Space.FOREIGN;
          }
          return isEnding(namespace) ? Space.TERMINATING : Space.ACTIVE;
        })
        .orElse(Space.ABSENT);
  }

  private Optional<Vrf> vrf(String name) {
    return cluster.get(Vrf.class, "", name).filter(v -> !v.getSpec().tenant().isEmpty());
  }

  private static ObservedTenant.Domain domain(Vrf vrf) {
    return new ObservedTenant.Domain(
        vrf.getSpec().tenant(),
        vrf.observed().isReady() && !isEnding(vrf),
        vrf.observed()
            .condition(Condition.READY)
            .map(Condition::message)
            .orElse("the network operator has not answered yet"),
        Optional.ofNullable(vrf.observed().id()));
  }

  private List<Access> access(String namespace) {
    return bindings(namespace).filter(TenantObjects::isBound).map(TenantObjects::access).toList();
  }

  private Stream<RoleBinding> bindings(String namespace) {
    return cluster.list(RoleBinding.class, namespace).stream()
        .filter(binding -> !tenantOfLabelled(binding).isEmpty())
        .filter(TenantKind::isNamedAsOurs);
  }

  private Stream<? extends HasMetadata> occupants(String namespace) {
    return OCCUPANTS.stream().flatMap(type -> cluster.list(type, namespace).stream());
  }

  private static boolean isEnding(HasMetadata object) {
    return object.getMetadata().getDeletionTimestamp() != null;
  }
}
