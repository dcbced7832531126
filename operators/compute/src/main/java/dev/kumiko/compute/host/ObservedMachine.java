package dev.kumiko.compute.host;

import java.util.Optional;

/**
 * Which machine a Host stands for, as UUIDs.
 *
 * @param recorded in the Host's status
 * @param answering at the Host's address
 * @param admitted the only one that the connection is used with
 * @param rival another Host whose status has the same machine
 */
record ObservedMachine(
    Optional<String> recorded,
    Optional<String> answering,
    Optional<String> admitted,
    Optional<String> rival) {
  /** Whether the address leads to a machine that the Host does not stand for. */
  boolean isAnother() {
    return recorded.isPresent() && answering.isPresent() && !recorded.equals(answering);
  }
}
