package dev.kumiko.compute.placement;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A host as placement sees it.
 *
 * @param cpuModels that it can run
 * @param allocatable what guests may get
 * @param allocated what placed guests were promised
 */
public record Candidate(
    String name,
    Map<String, String> labels,
    List<String> cpuModels,
    Openness openness,
    Amount allocatable,
    Amount allocated) {
  public Candidate {
    labels = Map.copyOf(labels);
    cpuModels = List.copyOf(cpuModels);
  }

  /** Whether new guests may come. */
  public enum Openness {
    OPEN,
    CORDONED,
    /** It is suspected, or given up. */
    FENCED,
    DISCONNECTED
  }

  /**
   * Its failure domain; a host without the label is in none.
   *
   * @param topologyKey label that makes domains; empty: each host is one
   */
  public Optional<String> domain(String topologyKey) {
    return topologyKey.isEmpty() ? Optional.of(name) : Optional.ofNullable(labels.get(topologyKey));
  }

  Amount free() {
    return allocatable.minus(allocated);
  }

  /** The same host with one more guest. */
  public Candidate with(Amount guest) {
    return new Candidate(name, labels, cpuModels, openness, allocatable, allocated.plus(guest));
  }
}
