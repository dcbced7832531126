package dev.kumiko.compute.placement;

import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What placed machines were promised, read from their status: there is no other book of it. */
public final class Promises {
  private Promises() {}

  /** The sum for each host. */
  public static Map<String, Amount> byHost(Collection<VirtualMachine> machines) {
    Map<String, Amount> sums = new HashMap<>();
    for (VirtualMachine machine : machines) {
      VirtualMachine.Status status = machine.observed();
      Optional.ofNullable(status.placement())
          .ifPresent(placed -> sums.merge(placed.host(), promised(status), Amount::plus));
    }
    return sums;
  }

  /** What a machine's status says that it was promised. */
  public static Amount promised(VirtualMachine.Status status) {
    return new Amount(
        Optional.ofNullable(status.vcpus()).orElse(0),
        Optional.ofNullable(status.memory()).map(Sizes::kibibytes).orElse(0L));
  }
}
