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
   * A connection begins at a generation: rows found then were committed by it at the latest. What
   * was known before does not count: a commit whose reply was lost is among them, and the database
   * may have been made anew.
   */
  synchronized void begin(long generation) {
    generations.clear();
    unreached.replaceAll((owner, wanted) -> generation);
    first = generation;
  }

  synchronized void committed(Ownership owner, long generation) {
    generations.put(owner, generation);
    unreached.put(owner, generation);
  }

  synchronized void forget(Ownership owner) {
    generations.remove(owner);
    unreached.remove(owner);
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
