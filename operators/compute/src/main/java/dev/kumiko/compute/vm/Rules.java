package dev.kumiko.compute.vm;

import dev.kumiko.compute.placement.Rule;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a machine's spec asks about machines near it. */
final class Rules {
  private Rules() {}

  static List<Rule> of(VirtualMachine.Spec spec) {
    return Optional.ofNullable(spec.placement()).map(Rules::of).orElse(List.of());
  }

  private static List<Rule> of(VirtualMachine.Placement placement) {
    return Stream.of(
            Optional.ofNullable(placement.affinity()).map(n -> rule(Rule.Sort.TOGETHER, n)),
            Optional.ofNullable(placement.antiAffinity()).map(n -> rule(Rule.Sort.APART, n)),
            Optional.ofNullable(placement.spread())
                .map(s -> new Rule(Rule.Sort.SPREAD, false, key(s.topologyKey()), s.machines())))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Rule rule(Rule.Sort sort, VirtualMachine.Neighbours asked) {
    return new Rule(sort, asked.required(), key(asked.topologyKey()), asked.machines());
  }

  private static String key(@Nullable String topologyKey) {
    return Optional.ofNullable(topologyKey).orElse("");
  }
}
