package dev.kumiko.compute.vm;

import dev.kumiko.compute.placement.Rule;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Identity;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The other machines that rules are about: those of the same namespace that have a place. */
final class Neighbourhood {
  private final List<Neighbour> neighbours;

  private record Neighbour(VirtualMachine machine, String host) {}

  /**
   * @param machine whose neighbours they are; itself it never is one
   * @param host where a machine is, or is about to be
   */
  Neighbourhood(
      Identity machine,
      Collection<VirtualMachine> machines,
      Function<VirtualMachine, Optional<String>> host) {
    this.neighbours =
        machines.stream()
            .filter(other -> isNear(machine, other))
            .flatMap(other -> host.apply(other).map(name -> new Neighbour(other, name)).stream())
            .toList();
  }

  private static boolean isNear(Identity machine, VirtualMachine other) {
    return machine.namespace().equals(other.getMetadata().getNamespace())
        && !machine.uid().toString().equals(other.getMetadata().getUid())
        && other.getMetadata().getDeletionTimestamp() == null;
  }

  /** How many that the rule is about are on each host. */
  Map<String, Long> meant(Rule rule) {
    Map<String, Long> counts = new HashMap<>();
    for (Neighbour neighbour : neighbours) {
      if (isMeant(rule, labels(neighbour.machine()))) {
        counts.merge(neighbour.host(), 1L, Long::sum);
      }
    }
    return counts;
  }

  /**
   * Hosts with machines that must be apart from one with these labels, by the label of the failure
   * domains that their rules are about.
   */
  Map<String, Set<String>> opposed(Map<String, String> labels) {
    Map<String, Set<String>> opposed = new HashMap<>();
    for (Neighbour neighbour : neighbours) {
      for (Rule rule : Rules.of(neighbour.machine().getSpec())) {
        if (rule.isRequiredApart() && isMeant(rule, labels)) {
          opposed.computeIfAbsent(rule.topologyKey(), _ -> new HashSet<>()).add(neighbour.host());
        }
      }
    }
    return opposed;
  }

  private static boolean isMeant(Rule rule, Map<String, String> labels) {
    return labels.entrySet().containsAll(rule.machines().entrySet());
  }

  static Map<String, String> labels(VirtualMachine machine) {
    return Optional.ofNullable(machine.getMetadata().getLabels()).orElseGet(Map::of);
  }
}
