package dev.kumiko.compute.placement;

import java.util.Map;

/**
 * A host as placement sees it.
 *
 * @param allocatable what guests may get
 * @param allocated what placed guests were promised
 */
public record Candidate(
    String name,
    Map<String, String> labels,
    Openness openness,
    Amount allocatable,
    Amount allocated) {
  public Candidate {
    labels = Map.copyOf(labels);
  }

  /** Whether new guests may come. */
  public enum Openness {
    OPEN,
    CORDONED,
    /** It is suspected, or given up. */
    FENCED,
    DISCONNECTED
  }

  Amount free() {
    return allocatable.minus(allocated);
  }

  /** The same host with one more guest. */
  public Candidate with(Amount guest) {
    return new Candidate(name, labels, openness, allocatable, allocated.plus(guest));
  }
}
