package dev.kumiko.compute.power;

import dev.kumiko.v1alpha1.Host;
import java.util.function.BooleanSupplier;

/** What switches hosts off that were given up. */
@FunctionalInterface
public interface PowerSwitch {
  /**
   * Switches the host off; MAY be repeated, and takes some seconds for each power controller that
   * does not answer.
   *
   * @param isWanted asked right before each power controller is: whether it still is to be
   * @return whether a power controller has accepted; false: it was not wanted any more
   * @throws dev.kumiko.reconcile.Unavailable with the reason {@code PowerOffFailed} when none
   *     accepted and another try may help
   * @throws dev.kumiko.reconcile.Rejection with the same reason when the Host or its Secrets must
   *     change first
   */
  boolean off(Host host, BooleanSupplier isWanted);
}
