package dev.kumiko.reconcile;

import dev.kumiko.v1alpha1.Volume;

/** The harness itself, on the smallest kind. */
final class ShelfConvergenceTest extends ConvergenceHarness<Volume> {
  @Override
  protected Scenario<Volume> scenario() {
    return new Shelf.World();
  }
}
