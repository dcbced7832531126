package dev.kumiko.compute.vm;

import dev.kumiko.compute.placement.Rule;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a machine's spec asks about machines near it; the first preference weighs most. */
final class Rules {
  private Rules() {}

  static List<Rule> of(VirtualMachine.Spec spec) {
    return Optional.ofNullable(spec.placement()).map(Rules::of).orElse(List.of());
  }

  private static List<Rule> of(VirtualMachine.Placement placement) {
    return Stream.of(
            Optional.ofNullable(placement.affinity()).map(n -> rule(Rule.Sort.TOGETHER, n)),
            Optional.ofNullable(placement.antiAffinity()).map(n -> rule(Rule.Sort.APART, n)),
            Optional.ofNullable(placement.spread()).map(n -> rule(Rule.Sort.SPREAD, n)))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Rule rule(Rule.Sort sort, VirtualMachine.Neighbours asked) {
    return new Rule(
        sort,
        asked.required(),
        Optional.ofNullable(asked.topologyKey()).orElse(""),
        asked.machines());
  }
}
