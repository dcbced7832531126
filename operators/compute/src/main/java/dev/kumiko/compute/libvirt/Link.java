package dev.kumiko.compute.libvirt;

import java.time.Instant;

/** The state of the connection to a host. */
public sealed interface Link {
  /** It answers. */
  record Connected(Instant since) implements Link {}

  /** It does not answer. */
  record Lost(Instant since, Sign sign, String message) implements Link {}

  /** What an unreachable host still shows; evidence for a verdict about it. */
  enum Sign {
    /** Not tried yet. */
    UNTRIED,
    /** The machine refuses the port: it is alive, only libvirtd is down. */
    REFUSED,
    /** Nothing comes back at all. */
    SILENT,
    /** The port is open, but libvirtd does not let us in or breaks off. */
    FAILED
  }

  default boolean isConnected() {
    return this instanceof Connected;
  }
}
