package dev.kumiko.compute.migration;

import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.libvirt.Transfer;
import dev.kumiko.reconcile.Wait;
import java.util.List;
import java.util.Optional;

/** What there is of a Migration: a choice of hosts, or a guest on its way. */
sealed interface ObservedMigration {
  /** It is over: nothing is looked at any more. */
  record Settled() implements ObservedMigration {}

  /** No host is chosen yet. */
  record Open(Choice choice) implements ObservedMigration {}

  /**
   * A guest that is to go, goes, or went.
   *
   * @param isBegun whether libvirt was told to move it
   * @param transfer what its source says of the move
   * @param missing what its target still lacks
   * @param isOverdue whether its time is up
   * @param isFollowed whether the machine is placed where the guest goes
   * @param arrival what the move has cost, once it is there
   */
  record Routed(
      boolean isBegun,
      Side source,
      Side target,
      Transfer transfer,
      List<Wait> missing,
      boolean isOverdue,
      boolean isFollowed,
      Optional<Transfer.Progress> arrival)
      implements ObservedMigration {
    public Routed {
      missing = List.copyOf(missing);
    }

    boolean runsThere() {
      return target.state().filter(s -> s == GuestState.RUNNING).isPresent();
    }

    /** Whether all of it is there, whatever it does. */
    boolean isHandedOver() {
      return target.state().filter(s -> s != GuestState.HELD).isPresent();
    }

    /** Whether it is there and waits to be let run. */
    boolean isWaiting() {
      return target.state().filter(s -> s == GuestState.PAUSED).isPresent();
    }

    /** Whether the guest is on one host only, and its machine knows on which. */
    boolean isDecided() {
      return transfer instanceof Transfer.None
          && (!isHandedOver() || (source.state().isEmpty() && isFollowed));
    }

    /** Whether the guest stands still where it was, for the sake of the move. */
    boolean isStandingStill() {
      return isBegun && source.state().filter(GuestState::standsStill).isPresent();
    }
  }

  /** One of the two hosts. */
  sealed interface Side {
    /** State of the guest's active domain there; empty when there is none. */
    Optional<GuestState> state();

    /**
     * It answers.
     *
     * @param isDefined whether it has a domain of the guest at all, active or not
     */
    record Seen(Optional<GuestState> state, boolean isDefined) implements Side {}

    /** A target that does not answer, and cannot have the guest: that runs where it was. */
    record Silent(String why) implements Side {
      @Override
      public Optional<GuestState> state() {
        return Optional.empty();
      }
    }

    /** It was given up, and nothing on it may write any more: what ran there does not count. */
    record GivenUp() implements Side {
      @Override
      public Optional<GuestState> state() {
        return Optional.empty();
      }
    }
  }

  /** Which host it is to be. */
  sealed interface Choice {
    /** This one. */
    record Go(Route route) implements Choice {}

    /** None yet. */
    record Later(Wait on) implements Choice {}

    /** None ever. */
    record Never(String reason, String message) implements Choice {}
  }
}
