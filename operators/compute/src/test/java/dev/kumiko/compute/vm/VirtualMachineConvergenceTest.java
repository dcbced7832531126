package dev.kumiko.compute.vm;

import dev.kumiko.reconcile.ConvergenceHarness;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.v1alpha1.VirtualMachine;

final class VirtualMachineConvergenceTest extends ConvergenceHarness<VirtualMachine> {
  @Override
  protected Scenario<VirtualMachine> scenario() {
    return new World();
  }
}
