package dev.kumiko.compute.host;

import dev.kumiko.reconcile.ConvergenceHarness;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.v1alpha1.Host;

final class HostConvergenceTest extends ConvergenceHarness<Host> {
  @Override
  protected Scenario<Host> scenario() {
    return new HostWorld();
  }
}
