package dev.kumiko.compute.migration;

import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.libvirt.Transfer;
import dev.kumiko.compute.migration.ObservedMigration.Choice;
import dev.kumiko.compute.migration.ObservedMigration.Routed;
import dev.kumiko.compute.migration.ObservedMigration.Side;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Kumiko;
import dev.kumiko.v1alpha1.Migration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** From where a guest is and how its move stands to what comes next. */
record MigrationPlan(DesiredMigration desired, Routed observed, Route route) {
  static final String MIGRATING = "Migrating";

  /** What a user can do about a move that failed. */
  private static final String ANOTHER = "create another Migration (a drain does that by itself)";

  /** From the second round on only what the guest wrote meanwhile is copied, again and again. */
  private static final long ROUNDS_BEFORE_POST_COPY = 2;

  /** A guest that is not busy is there by then. */
  private static final long BRIEF_ROUNDS = 8;

  static List<MigrationAction> plan(DesiredMigration desired, ObservedMigration observed) {
    return step(desired, observed) instanceof Step.Do(MigrationAction action)
        ? List.of(action)
        : List.of();
  }

  static Step step(DesiredMigration desired, ObservedMigration observed) {
    return switch (observed) {
      case ObservedMigration.Settled _ ->
          desired.machine().isEmpty() && !desired.isLeaving()
              ? new Step.Do(new MigrationAction.Forget())
              : new Step.Past();
      case ObservedMigration.Open(Choice choice) ->
          desired.isLeaving()
              ? new Step.Past()
              : isReconciled(desired) ? chosen(choice) : unreconciled(desired);
      case Routed routed ->
          new MigrationPlan(desired, routed, desired.route().orElseThrow()).next();
    };
  }

  private static Step chosen(Choice choice) {
    return switch (choice) {
      case Choice.Go(Route route) -> new Step.Do(new MigrationAction.Choose(route));
      case Choice.Later(Wait on) -> new Step.Await(on);
      case Choice.Never(String reason, String message) -> Step.Over.failed(reason, message);
    };
  }

  /**
   * By post-copy the guest may have gone on at the target and have written: what stands still at
   * its source must not go on. libvirt says that the move is under way for as long as it waits for
   * a target that is lost, and then lets the source go on.
   */
  private Step next() {
    if (isPostCopy() && observed.isStandingStill() && observed.target() instanceof Side.GivenUp) {
      return end(route.source());
    }
    return switch (observed.transfer()) {
      case Transfer.Ongoing ongoing -> underWay(ongoing);
      case Transfer.None none -> observed.isHandedOver() ? handedOver() : notThere(none);
    };
  }

  private Step underWay(Transfer.Ongoing ongoing) {
    Transfer.Progress progress = ongoing.progress();
    if (isTornApart()) {
      return end(route.source());
    }
    if (ongoing.isGivenUp() || progress.isPostCopy()) {
      return migrating(
          ongoing.isGivenUp()
              ? "the move is being given up"
              : "the guest goes on on host " + route.target());
    }
    Optional<String> why = objection();
    if (why.isPresent()) {
      return new Step.Do(new MigrationAction.Abort(route.source(), guest(), why.get()));
    }
    if (isPostCopy() && progress.iteration() >= ROUNDS_BEFORE_POST_COPY) {
      return new Step.Do(new MigrationAction.SwitchToPostCopy(route.source(), guest()));
    }
    if (ongoing.isBrief() && progress.iteration() >= BRIEF_ROUNDS) {
      return new Step.Do(new MigrationAction.AllowLongerPause(route.source(), guest()));
    }
    return migrating("the guest is on its way to host " + route.target());
  }

  /** Why a move that is under way is given up. */
  private Optional<String> objection() {
    if (!desired.isWanted()) {
      return Optional.of("it is not wanted any more");
    }
    if (!isReconciled(desired)) {
      return Optional.of("its machine is not reconciled, so nobody would let it run there");
    }
    return observed.isOverdue() ? Optional.of("its time is up") : Optional.empty();
  }

  /** Half of its memory was on a target that has lost it; libvirt keeps the other half for ever. */
  private boolean isTornApart() {
    return isPostCopy()
        && observed.isOverdue()
        && observed.isStandingStill()
        && observed.target() instanceof Side.Seen(Optional<GuestState> state, _)
        && state.isEmpty();
  }

  private Step migrating(String message) {
    return new Step.Await(new Wait("VirtualMachine", desired.name(), MIGRATING, message));
  }

  private Step handedOver() {
    boolean wasLetRun = observed.isFollowed() && !observed.isWaiting();
    if (isPostCopy() || observed.runsThere() || wasLetRun) {
      return there();
    }
    return observed.isFollowed()
        ? migrating("the guest is about to be let run on host " + route.target())
        : waiting();
  }

  /**
   * All of it is at the target, and was not let run. libvirt ends and undefines the source when it
   * hears of that, and lets it go on otherwise: then what waits is old, whatever became of the
   * source since. A source that is defined, and was ended by a libvirtd that died before it
   * undefined it, cannot be told from one that went on.
   */
  private Step waiting() {
    if (observed.source() instanceof Side.GivenUp) {
      return lost(route.source());
    }
    if (observed.source().state().filter(s -> s == GuestState.SHUTTING_DOWN).isPresent()) {
      return migrating("the guest is leaving host " + route.source());
    }
    boolean isDefined = observed.source() instanceof Side.Seen(_, boolean defined) && defined;
    return isDefined || !observed.isBegun()
        ? end(route.target())
        : migrating("the guest has come to host " + route.target());
  }

  /**
   * It runs at the target; the machine's place follows it. Only by post-copy it does before its
   * source is gone, which libvirt lets go on when it does not hear of that: the target is right,
   * since the source stood still before it ran.
   */
  private Step there() {
    if (observed.source().state().isPresent()) {
      return observed.isBegun()
          ? end(route.source())
          : migrating("the guest is leaving host " + route.source());
    }
    return observed.isFollowed()
        ? new Step.Over(
            Migration.Phase.Succeeded, "Ready", "The guest runs on host " + route.target() + ".")
        : migrating("the guest runs on host " + route.target() + "; its machine follows");
  }

  private Step notThere(Transfer.None none) {
    if (observed.source() instanceof Side.GivenUp) {
      return lost(route.source());
    }
    Optional<GuestState> state = observed.source().state();
    if (observed.target() instanceof Side.GivenUp && state.isEmpty()) {
      return lost(route.target());
    }
    if (observed.isStandingStill()) {
      return isPostCopy() ? end(route.source()) : standing();
    }
    if (!desired.isWanted()) {
      return new Step.Over(
          Migration.Phase.Cancelled,
          "Cancelled",
          "The guest is not to run any more, so it was not moved.");
    }
    if (state.filter(s -> s == GuestState.RUNNING).isEmpty()) {
      return Step.Over.failed(
          "NotRunning",
          "The guest did not go on running on host "
              + route.source()
              + ", so it was not moved: see why its machine does not run, and once it does, "
              + ANOTHER
              + ".");
    }
    return staying(none);
  }

  /** libvirt does not know how the move ended; the target cannot have run. */
  private Step standing() {
    return Step.Over.failed(
        "MigrationFailed",
        "The guest stays on host %s, where it stands still and is let run again: once it runs, %s."
            .formatted(route.source(), ANOTHER));
  }

  private Step end(String host) {
    return new Step.Do(new MigrationAction.EndRemnant(host, guest(), route.epoch()));
  }

  private static boolean isReconciled(DesiredMigration desired) {
    return desired.machine().filter(m -> !m.isReconciled()).isEmpty();
  }

  private static Step unreconciled(DesiredMigration desired) {
    return new Step.Await(
        new Wait(
            "VirtualMachine",
            desired.name(),
            "NotReconciled",
            "nobody would let the guest run at its target: take the annotation "
                + Kumiko.RECONCILE
                + " off VirtualMachine "
                + desired.name()));
  }

  private boolean isPostCopy() {
    return desired.order().postCopy();
  }

  private static Step lost(String host) {
    return Step.Over.failed(
        "HostLost",
        "Host "
            + host
            + " was given up while the guest was to be moved: its machine is started elsewhere as"
            + " spec.recovery there says; see the Fence of the host.");
  }

  private Step staying(Transfer.None none) {
    if (observed.isOverdue()) {
      return Step.Over.failed(
          "DeadlineExceeded",
          "The guest stays on host "
              + route.source()
              + ": it was not moved within "
              + desired.order().deadline().toSeconds()
              + " s"
              + observed.missing().stream()
                  .findFirst()
                  .map(wait -> "; missing at last: " + wait.message())
                  .orElse(": give it more time or bandwidth, or set postCopy")
              + ".");
    }
    if (desired.phase() == Migration.Phase.Running && none.failure().isPresent()) {
      return Step.Over.failed(
          "MigrationFailed", stays(none.failure().get(), "mend that, then " + ANOTHER));
    }
    if (observed.target() instanceof Side.GivenUp) {
      return Step.Over.failed(
          "HostLost",
          stays("host " + route.target() + " was given up", "to move it elsewhere, " + ANOTHER));
    }
    if (observed.target() instanceof Side.Silent(String why)) {
      return Step.Over.failed("MigrationFailed", stays(why, "once that host answers, " + ANOTHER));
    }
    if (!isReconciled(desired)) {
      return unreconciled(desired);
    }
    return observed.missing().isEmpty()
        ? new Step.Do(new MigrationAction.Start(guest(), route))
        : new Step.Await(observed.missing().getFirst());
  }

  private String stays(String why, String what) {
    return "The guest stays on host %s: %s; %s.".formatted(route.source(), why, what);
  }

  private UUID guest() {
    return desired.guest();
  }
}
