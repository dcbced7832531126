package dev.kumiko.compute.migration;

import dev.kumiko.reconcile.Action;
import java.util.UUID;

/** Everything that is ever done for a Migration. */
sealed interface MigrationAction extends Action {
  @Override
  default boolean repairs() {
    return false;
  }

  /** Remembers both hosts before either is prepared. */
  record Choose(Route route) implements MigrationAction {
    @Override
    public String target() {
      return "api";
    }

    @Override
    public String describe() {
      return "choose host " + route.target() + " for the guest of host " + route.source();
    }
  }

  /** A record of a machine that is gone goes, too. */
  record Forget() implements MigrationAction {
    @Override
    public String target() {
      return "api";
    }

    @Override
    public String describe() {
      return "delete this Migration: its machine is gone";
    }
  }

  /** Done at one of the two. */
  sealed interface OnHost extends MigrationAction {
    String host();

    @Override
    default String target() {
      return "libvirt/" + host();
    }
  }

  /** Begins the move, which then goes on by itself. */
  record Start(UUID guest, Route route) implements OnHost {
    @Override
    public String host() {
      return route.source();
    }

    @Override
    public String describe() {
      return "move the guest from host " + route.source() + " to host " + route.target();
    }
  }

  record SwitchToPostCopy(String host, UUID guest) implements OnHost {
    @Override
    public String describe() {
      return "let the guest go on at its target before all of its memory is there";
    }
  }

  record AllowLongerPause(String host, UUID guest) implements OnHost {
    @Override
    public String describe() {
      return "allow the guest a longer pause at the end: it writes much";
    }
  }

  record Abort(String host, UUID guest, String why) implements OnHost {
    @Override
    public String describe() {
      return "give up the move from host " + host + ": " + why;
    }
  }

  /**
   * Ends what a move has left where the guest is not: at its source, since it is or may have run
   * elsewhere, or at its target, where it was not let run.
   */
  record EndRemnant(String host, UUID guest, long epoch) implements OnHost {
    @Override
    public String describe() {
      return "end the domain on host " + host + " that the move has left there";
    }
  }
}
