package dev.kumiko.compute.placement;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a guest needs of a host.
 *
 * @param hostSelector labels that the host must carry
 * @param cpuModel that the host must be able to run; empty: any will do
 * @param rules about other machines; of those that are preferences the first weighs most
 * @param mayUseReserve whether it is placed because it lost its host, which is what the reserve is
 *     for
 */
public record Demand(
    Amount amount,
    Map<String, String> hostSelector,
    Optional<String> cpuModel,
    List<Rule> rules,
    boolean mayUseReserve) {
  public Demand {
    hostSelector = Map.copyOf(hostSelector);
    rules = List.copyOf(rules);
  }

  /** Whether the host can run the processor that is asked for. */
  boolean isRunnableOn(Candidate host) {
    return cpuModel.isEmpty() || host.cpuModels().contains(cpuModel.get());
  }

  public static Demand of(Amount amount, Map<String, String> hostSelector) {
    return new Demand(amount, hostSelector, Optional.empty(), List.of(), false);
  }
}
