package dev.kumiko.compute.placement;

import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;

/** Where a guest goes, or why nowhere. */
public sealed interface Decision {
  /** This host. */
  record Chosen(String host) implements Decision {}

  /**
   * No host.
   *
   * @param reasons how many hosts were rejected for each reason
   */
  record Nowhere(Map<Reason, Long> reasons) implements Decision {
    public Nowhere {
      reasons = Map.copyOf(reasons);
    }

    /** For people: {@code 3 hosts: 2 InsufficientMemory, 1 Cordoned}; most frequent first. */
    public String message() {
      long hosts = reasons.values().stream().mapToLong(Long::longValue).sum();
      if (hosts == 0) {
        return "no hosts: create a Host";
      }
      return reasons.entrySet().stream()
          .sorted(
              Map.Entry.<Reason, Long>comparingByValue(Comparator.reverseOrder())
                  .thenComparing(Map.Entry.comparingByKey()))
          .map(e -> e.getValue() + " " + e.getKey().text())
          .collect(Collectors.joining(", ", hosts + (hosts == 1 ? " host: " : " hosts: "), ""));
    }
  }

  /** Why a host was rejected; the first that applies, in this order. */
  enum Reason {
    SELECTOR_MISMATCH("SelectorMismatch"),
    CORDONED("Cordoned"),
    FENCED("Fenced"),
    DISCONNECTED("Disconnected"),
    AFFINITY_UNMET("AffinityUnmet"),
    ANTI_AFFINITY_UNMET("AntiAffinityUnmet"),
    INSUFFICIENT_VCPUS("InsufficientVcpus"),
    INSUFFICIENT_MEMORY("InsufficientMemory"),
    KEPT_IN_RESERVE("KeptInReserve");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** As a CamelCase constant. */
    public String text() {
      return text;
    }
  }
}
