package dev.kumiko.tenancy;

import dev.kumiko.reconcile.ConvergenceHarness;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.v1alpha1.Tenant;

/** A Tenant converges whatever happens on the way. */
final class TenantConvergenceTest extends ConvergenceHarness<Tenant> {
  @Override
  protected Scenario<Tenant> scenario() {
    return new TenantScenario();
  }
}
