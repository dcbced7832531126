package dev.kumiko.compute.placement;

import java.util.List;
import java.util.Map;

/**
 * What a guest needs of a host.
 *
 * @param hostSelector labels that the host must carry
 * @param rules about other machines; of those that are preferences the first weighs most
 * @param mayUseReserve whether it is placed because it lost its host, which is what the reserve is
 *     for
 */
public record Demand(
    Amount amount, Map<String, String> hostSelector, List<Rule> rules, boolean mayUseReserve) {
  public Demand {
    hostSelector = Map.copyOf(hostSelector);
    rules = List.copyOf(rules);
  }

  public static Demand of(Amount amount, Map<String, String> hostSelector) {
    return new Demand(amount, hostSelector, List.of(), false);
  }
}
