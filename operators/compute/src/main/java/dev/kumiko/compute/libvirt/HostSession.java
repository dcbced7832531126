package dev.kumiko.compute.libvirt;

import java.time.Instant;
import java.util.UUID;

/** One connection and what was learned through it, so that two machines are never mixed. */
record HostSession(HostConnection connection, HostFacts facts, Mirror mirror, Instant since) {
  /** Reads one domain anew. */
  void read(UUID guest) {
    mirror.read(connection, guest);
  }
}
