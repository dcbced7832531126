package dev.kumiko.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Tenant;
import dev.kumiko.v1alpha1.Volume;
import dev.kumiko.v1alpha1.WaitingFor;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a Tenant says while something is in its way. */
final class TenantKindTest {
  private final TenantScenario scenario = new TenantScenario();
  private final InMemoryCluster cluster = scenario.cluster();
  private final Loop<Tenant, DesiredTenant, ObservedTenant, TenantAction> loop =
      new Loop<>(
          new TenantKind(cluster),
          cluster,
          InstantSource.system(),
          (resource, action, work) -> work.run());

  @BeforeEach
  void aTenantIsDeclared() {
    cluster.create(TenantScenario.acme());
    cluster.addFinalizer(TenantScenario.acme());
  }

  @Test
  void aNamespaceOfSomebodyElseIsReportedAndLeftAlone() {
    cluster.create(new NamespaceBuilder().withNewMetadata().withName("acme").endMetadata().build());
    Tenant tenant = pass();
    Condition ready = tenant.observed().condition("Ready").orElseThrow();
    assertThat(ready.reason()).isEqualTo("NamespaceNotOurs");
    assertThat(ready.message()).contains("label it kumiko.dev/tenant=acme");
    assertThat(cluster.names()).containsExactly("Namespace acme", "Tenant acme");
  }

  @Test
  void nothingIsGrantedInANamespaceOfSomebodyElseThatAppearsMeanwhile() {
    var foreign = new NamespaceBuilder().withNewMetadata().withName("acme").endMetadata().build();
    var late =
        new Loop<>(
            new TenantKind(cluster),
            cluster,
            InstantSource.system(),
            (resource, action, work) -> {
              cluster.create(foreign);
              work.run();
            });
    Tenant tenant = cluster.get(Tenant.class, "", "acme").orElseThrow();
    assertThatThrownBy(() -> late.reconcile(tenant)).isInstanceOf(Conflict.class);
    assertThat(cluster.names()).containsExactly("Namespace acme", "Tenant acme");
  }

  @Test
  void limitsThatSomebodyElseAddedToTheQuotaAreLeftAlone() {
    settle();
    ResourceQuota quota = cluster.get(ResourceQuota.class, "acme", "kumiko").orElseThrow();
    quota.getSpec().getHard().put("pods", new Quantity("3"));
    quota.getSpec().getHard().put("count/ports.kumiko.dev", new Quantity("9"));
    cluster.apply(quota);
    long before = cluster.writes();
    pass();
    assertThat(cluster.writes()).isEqualTo(before);
  }

  @Test
  void aLimitThatIsNoLongerAskedForGoes() {
    settle();
    Tenant tenant = cluster.get(Tenant.class, "", "acme").orElseThrow();
    Tenant.Spec spec = tenant.getSpec();
    tenant.setSpec(
        new Tenant.Spec(
            spec.fabric(), new Tenant.Quota(4, null, null, null, null), spec.members()));
    cluster.apply(tenant);
    pass();
    assertThat(
            cluster
                .get(ResourceQuota.class, "acme", "kumiko")
                .orElseThrow()
                .getSpec()
                .getHard()
                .keySet())
        .containsExactly("count/virtualmachines.kumiko.dev");
  }

  @Test
  void aNamespaceWithTheTenantsLabelIsAdopted() {
    cluster.create(
        new NamespaceBuilder()
            .withNewMetadata()
            .withName("acme")
            .withLabels(Map.of("kumiko.dev/tenant", "acme"))
            .endMetadata()
            .build());
    settle();
    assertThat(pass().observed().isReady()).isTrue();
  }

  @Test
  void waitsForItsVrfAndSaysSo() {
    Tenant tenant = pass();
    assertThat(tenant.observed().waitingFor())
        .extracting(WaitingFor::kind, WaitingFor::name)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("Vrf", "acme"));
    assertThat(cluster.get(Namespace.class, "", "acme")).isPresent();
  }

  @Test
  void aDeletionNamesTheObjectsThatHoldIt() {
    settle();
    cluster.create(volume("data"));
    cluster.delete(TenantScenario.acme());
    Tenant tenant = pass();
    assertThat(tenant.observed().waitingFor())
        .extracting(WaitingFor::kind, WaitingFor::name, WaitingFor::reason)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("Volume", "acme/data", "InUse"));
    cluster.delete(volume("data"));
    for (int i = 0; i < 4 && cluster.get(Tenant.class, "", "acme").isPresent(); i++) {
      settle();
    }
    assertThat(cluster.names()).isEmpty();
  }

  @Test
  void membersGetTheRolesOfTheChart() {
    settle();
    assertThat(cluster.list(RoleBinding.class, "acme"))
        .extracting(b -> b.getRoleRef().getName(), b -> b.getSubjects().size())
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("kumiko-tenant-admin", 1),
            org.assertj.core.groups.Tuple.tuple("kumiko-tenant-editor", 2),
            org.assertj.core.groups.Tuple.tuple("kumiko-tenant-viewer", 1),
            org.assertj.core.groups.Tuple.tuple("kumiko-storage-in-tenant", 1),
            org.assertj.core.groups.Tuple.tuple("kumiko-compute-in-tenant", 1));
  }

  @Test
  void aBindingOfOurNameThatBindsSomethingElseIsReplacedAndHoldsNoDeletion() {
    settle();
    RoleBinding ours =
        cluster.get(RoleBinding.class, "acme", "kumiko-compute-in-tenant").orElseThrow();
    ours.getRoleRef().setName("view");
    cluster.replace(ours);
    pass();
    assertThat(cluster.get(RoleBinding.class, "acme", "kumiko-compute-in-tenant").orElseThrow())
        .satisfies(b -> {
          assertThat(b.getRoleRef().getName()).isEqualTo("kumiko-compute-in-tenant");
          assertThat(b.getMetadata().getFinalizers()).containsExactly("kumiko.dev/in-use");
        });
  }

  @Test
  void bindingsThatTheTenantMadeAreItsOwn() {
    settle();
    RoleBinding theirs =
        TenantObjects.binding("acme", new Access("view", java.util.Set.of(), true));
    cluster.create(theirs);
    long before = cluster.writes();
    pass();
    assertThat(cluster.writes()).isEqualTo(before);
  }

  private void settle() {
    for (int i = 0; i < 3; i++) {
      if (cluster.get(Tenant.class, "", "acme").isPresent()) {
        pass();
      }
      scenario.neighbours();
    }
  }

  private Tenant pass() {
    Loop.Outcome<Tenant> outcome =
        loop.reconcile(cluster.get(Tenant.class, "", "acme").orElseThrow());
    if (outcome.released()) {
      cluster.removeFinalizer(outcome.resource());
    }
    return outcome.resource();
  }

  private static Volume volume(String name) {
    Volume volume = new Volume();
    volume.setMetadata(new ObjectMetaBuilder().withNamespace("acme").withName(name).build());
    volume.setSpec(new Volume.Spec("vms", "1Gi", null, Volume.DeletionPolicy.Delete));
    return volume;
  }
}
