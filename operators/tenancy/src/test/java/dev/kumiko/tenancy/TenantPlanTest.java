package dev.kumiko.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.Desired;
import dev.kumiko.tenancy.ObservedTenant.Domain;
import dev.kumiko.tenancy.ObservedTenant.Space;
import dev.kumiko.tenancy.TenantAction.CreateNamespace;
import dev.kumiko.tenancy.TenantAction.CreateVrf;
import dev.kumiko.tenancy.TenantAction.DeleteNamespace;
import dev.kumiko.tenancy.TenantAction.DeleteVrf;
import dev.kumiko.tenancy.TenantAction.Grant;
import dev.kumiko.tenancy.TenantAction.RemoveQuota;
import dev.kumiko.tenancy.TenantAction.Revoke;
import dev.kumiko.tenancy.TenantAction.SetQuota;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which actions lead to a tenant, from every state of its namespace and Vrf. */
final class TenantPlanTest {
  private static final Access ADMINS = members("kumiko-tenant-admin", "ann");
  private static final Access VIEWERS = members("kumiko-tenant-viewer", "vic");
  private static final Access STORAGE =
      new Access(
          "kumiko-storage-in-tenant",
          Set.of(new Access.Subject("ServiceAccount", "kumiko-system", "kumiko-storage")),
          true);
  private static final Map<String, Integer> QUOTA = Map.of("count/volumes.kumiko.dev", 7);
  private static final DesiredTenant ACME =
      new DesiredTenant("acme", "main", List.of(ADMINS, STORAGE), QUOTA);
  private static final Optional<Domain> VRF =
      Optional.of(new Domain("acme", true, "", Optional.of("lr-1")));
  private static final ObservedTenant NOTHING =
      new ObservedTenant(Space.ABSENT, Optional.empty(), List.of(), List.of(), Map.of(), false);
  private static final ObservedTenant SETTLED =
      new ObservedTenant(Space.ACTIVE, VRF, List.of(ADMINS, STORAGE), List.of(), QUOTA, true);

  @Test
  void makesEverythingFromNothing() {
    assertThat(present(NOTHING))
        .containsExactly(
            new CreateNamespace("acme"),
            new SetQuota("acme", QUOTA),
            new Grant("acme", ADMINS),
            new Grant("acme", STORAGE),
            new CreateVrf("acme", "main"));
  }

  @Test
  void doesNothingWhenAllIsAsDesired() {
    assertThat(present(SETTLED)).isEmpty();
  }

  @Test
  void repairsOnlyWhatDrifted() {
    assertThat(present(with(SETTLED, List.of(ADMINS), QUOTA)))
        .containsExactly(new Grant("acme", STORAGE));
    assertThat(
            present(with(SETTLED, List.of(ADMINS, STORAGE), Map.of("count/volumes.kumiko.dev", 9))))
        .containsExactly(new SetQuota("acme", QUOTA));
  }

  @Test
  void replacesTheSubjectsOfARoleAndRevokesRolesThatNobodyHas() {
    Access other = members("kumiko-tenant-admin", "eve");
    assertThat(present(with(SETTLED, List.of(other, VIEWERS, STORAGE), QUOTA)))
        .containsExactly(new Revoke("acme", VIEWERS), new Grant("acme", ADMINS));
  }

  @Test
  void removesTheQuotaThatIsNoLongerAskedFor() {
    DesiredTenant unlimited = new DesiredTenant("acme", "main", List.of(ADMINS, STORAGE), Map.of());
    assertThat(TenantPlan.plan(new Desired.Present<>(unlimited), SETTLED))
        .containsExactly(new RemoveQuota("acme"));
  }

  @Test
  void neverTouchesAForeignNamespace() {
    ObservedTenant foreign =
        new ObservedTenant(Space.FOREIGN, Optional.empty(), List.of(), List.of(), Map.of(), true);
    assertThat(present(foreign)).isEmpty();
    assertThat(absent(foreign)).isEmpty();
  }

  @Test
  void neverTouchesTheVrfOfAnotherTenant() {
    Optional<Domain> theirs = Optional.of(new Domain("globex", true, "", Optional.empty()));
    ObservedTenant observed =
        new ObservedTenant(Space.ACTIVE, theirs, List.of(ADMINS, STORAGE), List.of(), QUOTA, false);
    assertThat(present(observed)).isEmpty();
    assertThat(absent(observed)).isNotEmpty().noneMatch(DeleteVrf.class::isInstance);
  }

  @Test
  void deletesTheVrfBeforeTheNamespace() {
    assertThat(absent(SETTLED)).containsExactly(new DeleteVrf("acme"));
    assertThat(
            absent(
                new ObservedTenant(
                    Space.ACTIVE,
                    Optional.empty(),
                    List.of(ADMINS, STORAGE),
                    List.of(),
                    QUOTA,
                    false)))
        .containsExactly(
            new Revoke("acme", ADMINS),
            new Revoke("acme", STORAGE),
            new RemoveQuota("acme"),
            new DeleteNamespace("acme"));
  }

  @Test
  void keepsTheOperatorsAccessInAnEndingNamespaceUntilItIsEmpty() {
    ObservedTenant ending =
        new ObservedTenant(
            Space.TERMINATING, VRF, List.of(ADMINS, STORAGE), List.of(), QUOTA, true);
    assertThat(present(ending)).isEmpty();
    ObservedTenant empty =
        new ObservedTenant(
            Space.TERMINATING, VRF, List.of(ADMINS, STORAGE), List.of(), QUOTA, false);
    assertThat(present(empty)).containsExactly(new Revoke("acme", STORAGE));
  }

  @Test
  void whatIsRefusedKeepsNoOtherObjectFromItsTurn() {
    assertThat(present(NOTHING).stream().map(TenantAction::target)).doesNotHaveDuplicates();
  }

  @Test
  void describesItsActionsForPeople() {
    assertThat(present(NOTHING).stream().map(TenantAction::describe))
        .containsExactly(
            "create namespace acme",
            "limit namespace acme to {count/volumes.kumiko.dev=7}",
            "grant kumiko-tenant-admin to User ann in namespace acme",
            "grant kumiko-storage-in-tenant to ServiceAccount kumiko-system:kumiko-storage in namespace acme",
            "create Vrf acme on fabric main");
  }

  private static List<TenantAction> present(ObservedTenant observed) {
    return TenantPlan.plan(new Desired.Present<>(ACME), observed);
  }

  private static List<TenantAction> absent(ObservedTenant observed) {
    return TenantPlan.plan(new Desired.Absent<>(ACME), observed);
  }

  private static ObservedTenant with(
      ObservedTenant observed, List<Access> access, Map<String, Integer> quota) {
    return new ObservedTenant(
        observed.space(), observed.vrf(), access, List.of(), quota, observed.occupied());
  }

  private static Access members(String role, String user) {
    return new Access(role, Set.of(new Access.Subject("User", "", user)), false);
  }
}
