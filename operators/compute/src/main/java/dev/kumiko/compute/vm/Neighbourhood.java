package dev.kumiko.compute.vm;

import dev.kumiko.compute.placement.Rule;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Identity;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The machines that a rule of another is about, and where they are. */
final class Neighbourhood {
  private Neighbourhood() {}

  /**
   * How many are on each host; those of the same namespace, the machine itself apart.
   *
   * @param host where a machine is, or is about to be
   */
  static Map<String, Long> of(
      Rule rule,
      Identity machine,
      Collection<VirtualMachine> machines,
      Function<VirtualMachine, Optional<String>> host) {
    Map<String, Long> counts = new HashMap<>();
    for (VirtualMachine other : machines) {
      if (isMeant(rule, machine, other)) {
        host.apply(other).ifPresent(name -> counts.merge(name, 1L, Long::sum));
      }
    }
    return counts;
  }

  private static boolean isMeant(Rule rule, Identity machine, VirtualMachine other) {
    return machine.namespace().equals(other.getMetadata().getNamespace())
        && !machine.uid().toString().equals(other.getMetadata().getUid())
        && other.getMetadata().getDeletionTimestamp() == null
        && Optional.ofNullable(other.getMetadata().getLabels())
            .filter(labels -> labels.entrySet().containsAll(rule.machines().entrySet()))
            .isPresent();
  }
}
