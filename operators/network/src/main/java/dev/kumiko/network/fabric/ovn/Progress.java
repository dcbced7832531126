package dev.kumiko.network.fabric.ovn;

import dev.kumiko.reconcile.Ownership;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which generation the rows of an owner belong to, and who still waits for a chassis to get there.
 */
final class Progress {
  private final Map<Ownership, Long> generations = new HashMap<>();
  private final Map<Ownership, Long> unreached = new HashMap<>();
  private long first;

  /**
   * A connection begins at a generation: rows found then were committed by it at the latest. A
   * smaller number than we know means that the database was made anew.
   */
  synchronized void begin(long generation) {
    generations.values().removeIf(known -> known > generation);
    unreached.values().removeIf(known -> known > generation);
    first = generation;
  }

  synchronized void committed(Set<Ownership> owners, long generation) {
    owners.forEach(owner -> {
      generations.put(owner, generation);
      unreached.put(owner, generation);
    });
  }

  synchronized long generation(Ownership owner) {
    return generations.getOrDefault(owner, first);
  }

  /**
   * A chassis reached a generation: who is to be told.
   *
   * @param slowest what the slowest live chassis has reached; whoever needs no more is forgotten
   */
  synchronized Set<Ownership> reached(long generation, long slowest) {
    Set<Ownership> concerned = new HashSet<>();
    unreached.forEach((owner, wanted) -> {
      if (wanted <= generation) {
        concerned.add(owner);
      }
    });
    unreached.values().removeIf(wanted -> wanted <= slowest);
    return concerned;
  }
}
