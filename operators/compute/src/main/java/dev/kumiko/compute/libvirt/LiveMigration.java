package dev.kumiko.compute.libvirt;

import java.util.Optional;
import java.util.UUID;

/**
 * Moves running guests from a host to others, which the host itself does with its peers.
 *
 * <p>Every call MAY throw {@link dev.kumiko.reconcile.Unavailable}: then nothing is known about
 * where the guest is. When the answer of a target that has all of the guest is lost on its way,
 * libvirt lets the source go on (qemu_migration.c, qemuMigrationSrcPerformPeer2Peer3). So a guest
 * that has come waits: it may be let run when its source has no domain of it, not even a
 * definition. With post-copy it does not wait.
 */
public interface LiveMigration {
  /**
   * Begins to move a running guest to another host and returns at once; {@link #transfer} tells how
   * it goes. A move that is under way stays as it is. At its end the guest is there, paused unless
   * it may come by post-copy, defined as it was here, and here nothing of it is left. {@link
   * dev.kumiko.reconcile.Unavailable} when the domain was not started at the order's epoch.
   */
  void migrate(UUID guest, MigrationOrder order);

  /**
   * How the move of a guest away from here stands. {@link Hypervisor#inventory} is no older than
   * the answer, as far as this guest goes.
   */
  Transfer transfer(UUID guest);

  /**
   * Lets a guest that is being moved run on the other host at once; what is missing of its memory
   * follows. Only for an order that allows it; repeated, it is success.
   */
  void switchToPostCopy(UUID guest);

  /** Lets the last round of a move take longer than a moment; repeated, it is success. */
  void allowLongerPause(UUID guest);

  /**
   * Gives a move up, so that the guest stays here; without a move that is success. {@link
   * dev.kumiko.reconcile.Unavailable} when it cannot be given up any more, or not yet.
   */
  void abortMigration(UUID guest);

  /**
   * What the move to here has cost that a guest came by, until it was let run; empty when it is not
   * known.
   */
  Optional<Transfer.Progress> arrival(UUID guest);
}
