package dev.kumiko.compute.libvirt;

import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

/**
 * One visit to a machine and what was learned in it, so that two machines are never mixed.
 *
 * @param connection for one call at a time: the keeper's, or in {@link #apart} one of the lanes
 * @param lanes for calls of others than the keeper
 */
record HostSession(
    HostConnection connection, Lanes lanes, HostFacts facts, Mirror mirror, Instant since) {
  /** Does something in this session over a connection that nobody else uses meanwhile. */
  <T> T apart(Function<HostSession, T> work) {
    return lanes.use(lane -> work.apply(new HostSession(lane, lanes, facts, mirror, since)));
  }

  /** Reads one domain anew. */
  void read(UUID guest) {
    mirror.read(connection, guest);
  }
}
