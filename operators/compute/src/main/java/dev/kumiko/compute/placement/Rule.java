package dev.kumiko.compute.placement;

import java.util.Map;

/**
 * What a machine asks about others near it.
 *
 * @param isRequired whether it goes nowhere rather than against it
 * @param topologyKey label of hosts whose value makes a domain; empty: each host is one
 * @param machines labels of the others
 */
public record Rule(
    Sort sort, boolean isRequired, String topologyKey, Map<String, String> machines) {
  public Rule {
    machines = Map.copyOf(machines);
  }

  /** Whether the machines that it is about may not come near later, either. */
  public boolean isRequiredApart() {
    return isRequired && sort == Sort.APART;
  }

  boolean isRequiredSpread() {
    return isRequired && sort == Sort.SPREAD;
  }

  /** What it is about. */
  public enum Sort {
    /** Where such machines are, if there are any. */
    TOGETHER,
    /** Where none is. */
    APART,
    /** Where the fewest are, of the domains that it may go to. */
    SPREAD
  }
}
