package dev.kumiko.compute.migration;

import dev.kumiko.reconcile.ConvergenceHarness;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.v1alpha1.Migration;

final class MigrationConvergenceTest extends ConvergenceHarness<Migration> {
  @Override
  protected Scenario<Migration> scenario() {
    return new MigrationWorld();
  }
}
