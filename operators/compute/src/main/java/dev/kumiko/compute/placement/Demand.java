package dev.kumiko.compute.placement;

import java.util.Map;

/**
 * What a guest needs of a host.
 *
 * @param hostSelector labels that the host must carry
 */
public record Demand(Amount amount, Map<String, String> hostSelector) {
  public Demand {
    hostSelector = Map.copyOf(hostSelector);
  }
}
