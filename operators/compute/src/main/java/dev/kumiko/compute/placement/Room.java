package dev.kumiko.compute.placement;

import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.UUID;
import java.util.function.Predicate;

/** Where a guest that runs may go, besides where it is. */
public interface Room {
  /**
   * The best host for a machine by the rules that it was placed by.
   *
   * @param allowed which hosts there are to choose from, by name
   */
  Decision choose(VirtualMachine machine, Predicate<String> allowed);

  /**
   * Writes a choice down, if it still is the one. Two guests never both get the last place on a
   * host.
   *
   * @param owner whose choice it is; its promise counts from here until it is written
   * @param write makes the choice known
   * @throws dev.kumiko.reconcile.Conflict when by now another host is the one to choose
   */
  void reserve(
      UUID owner, VirtualMachine machine, String host, Predicate<String> allowed, Runnable write);
}
