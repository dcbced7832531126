package dev.kumiko.compute.libvirt;

import java.util.Optional;

/**
 * Which machine may answer for a Host.
 *
 * @param machine its UUID; empty: none was admitted yet
 */
record Admission(String host, Optional<String> machine) {
  /** Why the machine that answers is not used; empty when it is. */
  Optional<String> objection(String answering) {
    if (machine.isEmpty()) {
      return Optional.of(
          "machine "
              + answering
              + " answers: it is used once status.machine of Host "
              + host
              + " names it");
    }
    return machine
        .filter(admitted -> !admitted.equals(answering))
        .map(admitted ->
            "machine "
                + answering
                + " answers instead of "
                + admitted
                + ", the machine of Host "
                + host
                + ": lead spec.connection.uri to that one; if it is the same machine with a new"
                + " UUID, the runbook's page AnotherMachine has the way out");
  }
}
