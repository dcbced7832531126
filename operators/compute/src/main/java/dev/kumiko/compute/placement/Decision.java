package dev.kumiko.compute.placement;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
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

    /** The same, and hosts that were left out before. */
    public Nowhere with(Reason reason, long hosts) {
      if (hosts == 0) {
        return this;
      }
      Map<Reason, Long> all = new HashMap<>(reasons);
      all.merge(reason, hosts, Long::sum);
      return new Nowhere(all);
    }

    /**
     * For people: {@code 3 hosts: 2 InsufficientMemory, 1 Cordoned: free some room}; most frequent
     * first. What to do is said for the host that came closest.
     */
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
          .collect(
              Collectors.joining(
                  ", ",
                  hosts + (hosts == 1 ? " host: " : " hosts: "),
                  ": " + Collections.max(reasons.keySet()).mend));
    }
  }

  /** Why a host was rejected; the first that applies, in this order: the last came closest. */
  enum Reason {
    /** Of guests that move only; such hosts are left out before. */
    VIRTUALIZATION_DIFFERS(
        "VirtualizationDiffers",
        "add a Host with the status.virtualization of the one that the guest is on, or stop and"
            + " start the machine instead"),
    SELECTOR_MISMATCH("SelectorMismatch", "label a Host as placement.hostSelector says"),
    CPU_MODEL_MISSING(
        "CpuModelMissing", "ask for a cpuModel that status.cpuModels of the Hosts lists"),
    CORDONED("Cordoned", "set spec.mode of a Host to Active"),
    FENCED("Fenced", "see the condition Fenced of the Hosts"),
    DISCONNECTED("Disconnected", "see why the Hosts do not answer"),
    AFFINITY_UNMET(
        "AffinityUnmet",
        "add a Host where the machines of placement.affinity are, or set required: false"),
    ANTI_AFFINITY_UNMET(
        "AntiAffinityUnmet",
        "add a Host where no machine of placement.antiAffinity is, or set required: false"),
    SPREAD_UNMET("SpreadUnmet", "label the Hosts with its topologyKey, or set required: false"),
    ANTI_AFFINITY_OF_OTHERS(
        "AntiAffinityOfOthers",
        "add a Host where no machine is whose placement.antiAffinity is about this one, or set"
            + " required: false of theirs"),
    INSUFFICIENT_VCPUS("InsufficientVcpus", Reason.ROOM),
    INSUFFICIENT_MEMORY("InsufficientMemory", Reason.ROOM),
    KEPT_IN_RESERVE(
        "KeptInReserve",
        "what is free is kept for the loss of Hosts: add one, free some room, or spare fewer");

    private static final String ROOM = "free some room, add a Host, or ask for less";
    private final String text;
    private final String mend;

    Reason(String text, String mend) {
      this.text = text;
      this.mend = mend;
    }

    /** As a CamelCase constant. */
    public String text() {
      return text;
    }
  }
}
