package dev.kumiko.network.fabric;

import dev.kumiko.reconcile.Ownership;

/**
 * Told when something happened in the fabric that may concern a resource. Calls MUST return at once
 * and MUST NOT ask the tables.
 */
public interface FabricListener {
  /**
   * Rows of this owner changed, or a chassis made progress with them, or the binding of its port or
   * the answer of its guest changed.
   */
  void rowsChanged(Ownership owner);

  /** The set of live chassis, or the connection to the controller, changed. */
  void chassisChanged();
}
