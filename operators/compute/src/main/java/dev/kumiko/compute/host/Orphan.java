package dev.kumiko.compute.host;

import dev.kumiko.compute.domainxml.Marker;
import dev.kumiko.compute.libvirt.Guest;
import java.util.Optional;
import java.util.UUID;

/**
 * A domain of a machine that is gone. One that runs is none: whatever it is, somebody may need it.
 *
 * @param epoch that it was started at, or is defined for
 */
record Orphan(UUID guest, Marker owner, long epoch) {
  /** What a domain is an orphan of, should its machine be gone. */
  static Optional<Orphan> of(Guest guest) {
    return standsStill(guest)
        ? guest.current().map(owner -> new Orphan(guest.uuid(), owner, guest.epoch()))
        : Optional.empty();
  }

  private static boolean standsStill(Guest guest) {
    return switch (guest.state()) {
      case PAUSED, STOPPED -> true;
      case PAUSED_BY_IO_ERROR, RUNNING, SHUTTING_DOWN, OTHER_ACTIVE -> false;
    };
  }
}
