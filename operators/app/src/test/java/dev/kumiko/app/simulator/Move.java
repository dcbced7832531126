package dev.kumiko.app.simulator;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A guest on its way from one host to another. */
final class Move {
  /** Half a second each. */
  static final int STEPS = 8;

  /** As long as one libvirtd waits for the other. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  final Metal from;
  final Metal to;
  final UUID guest;
  final long epoch;
  int steps;
  boolean isGivenUp;

  /** Whether all of it is at the target and waits there; what is at the source stands still. */
  boolean isHandedOver;

  private Optional<Instant> standsSince = Optional.empty();

  Move(Metal from, Metal to, UUID guest, long epoch) {
    this.from = from;
    this.to = to;
    this.guest = guest;
    this.epoch = epoch;
  }

  boolean isConnected() {
    return from.isManageable() && to.isManageable();
  }

  /** Why it comes to nothing. */
  Optional<String> obstacle(Instant now) {
    if (!from.hasDaemon() || !to.hasDaemon() || !isActive(from) || !isActive(to)) {
      return Optional.of("the stream broke");
    }
    if (isGivenUp && from.isManageable()) {
      return Optional.of("operation aborted");
    }
    if (isConnected()) {
      standsSince = Optional.empty();
      return Optional.empty();
    }
    standsSince = standsSince.or(() -> Optional.of(now));
    return standsSince
        .filter(since -> !now.isBefore(since.plus(PATIENCE)))
        .map(_ -> "the other libvirtd does not answer");
  }

  private boolean isActive(Metal metal) {
    return metal.guest(guest).map(Guest::state).filter(GuestState::isActive).isPresent();
  }
}
