package dev.kumiko.compute.instancetype;

import dev.kumiko.reconcile.ConvergenceHarness;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.v1alpha1.InstanceType;

final class InstanceTypeConvergenceTest extends ConvergenceHarness<InstanceType> {
  @Override
  protected Scenario<InstanceType> scenario() {
    return new InstanceTypeWorld();
  }
}
