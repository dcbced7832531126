package dev.kumiko.compute.placement;

import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What guests that are being moved will need where they go; their place is still the old one. */
public final class Arrivals {
  private Arrivals() {}

  /** The sum for each host that guests are moved to. */
  public static Map<String, Amount> byHost(
      Collection<Migration> migrations, Collection<VirtualMachine> machines) {
    Map<String, Amount> sums = new HashMap<>();
    for (Migration migration : migrations) {
      Migration.Status status = migration.observed();
      String target = status.target();
      if (target != null && status.phase() != null && status.phase().isUnderWay()) {
        machines.stream()
            .filter(machine -> isLeaving(machine, migration))
            .map(machine -> Promises.promised(machine.observed()))
            .forEach(amount -> sums.merge(target, amount, Amount::plus));
      }
    }
    return sums;
  }

  private static boolean isLeaving(VirtualMachine machine, Migration migration) {
    return Objects.equals(
            machine.getMetadata().getNamespace(), migration.getMetadata().getNamespace())
        && machine.getMetadata().getName().equals(migration.getSpec().virtualMachine())
        && Optional.ofNullable(machine.observed().placement())
            .filter(placed -> placed.host().equals(migration.observed().source()))
            .isPresent();
  }
}
