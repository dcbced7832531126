package dev.kumiko.compute.migration;

import dev.kumiko.compute.libvirt.Transfer;
import dev.kumiko.compute.migration.ObservedMigration.Routed;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Migration;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status of a Migration from what was observed. */
record MigrationReport(InstantSource clock) {
  /** There is no event for how far a move is. */
  private static final Duration WHILE_MOVING = Duration.ofSeconds(1);

  private static final Duration WHILE_WAITING = Duration.ofSeconds(5);

  /** Each step is a write. */
  private static final int STEP_PERCENT = 5;

  Report of(Migration migration, DesiredMigration desired, Optional<ObservedMigration> observed) {
    Migration.Status before = migration.observed();
    return observed
        .map(seen ->
            switch (MigrationPlan.step(desired, seen)) {
              case Step.Past _ -> past(before);
              case Step.Over over -> Report.of(over(before, over, seen), readiness(over));
              case Step.Await(Wait on) -> waiting(before, seen, on);
              case Step.Do _ ->
                  Report.of(
                          phase(before, desired.phase()),
                          Readiness.waiting(MigrationPlan.MIGRATING, "The move is under way."))
                      .recheckAfter(WHILE_MOVING);
            })
        .orElseGet(() ->
            Report.of(phase(before, desired.phase()), Readiness.waiting("Blocked", "It waits."))
                .recheckAfter(WHILE_WAITING));
  }

  /** What was said at its end stays. */
  private static Report past(Migration.Status before) {
    String reason = before.condition(Condition.READY).map(Condition::reason).orElse("Cancelled");
    String message =
        before.condition(Condition.READY).map(Condition::message).orElse("It is over.");
    return Report.of(
        before,
        before.phase() == Migration.Phase.Succeeded
            ? new Readiness.Ready(message)
            : new Readiness.Stalled(reason, message));
  }

  private static Readiness readiness(Step.Over over) {
    return over.phase() == Migration.Phase.Succeeded
        ? new Readiness.Ready(over.message())
        : new Readiness.Stalled(over.reason(), over.message());
  }

  private static Report waiting(Migration.Status before, ObservedMigration seen, Wait wait) {
    Migration.Phase phase = Optional.ofNullable(before.phase()).orElse(Migration.Phase.Pending);
    if (seen instanceof Routed routed
        && routed.transfer() instanceof Transfer.Ongoing(Transfer.Progress progress, _, _)) {
      return Report.of(progressing(before, progress), Readiness.waitingFor(wait))
          .recheckAfter(WHILE_MOVING);
    }
    return Report.of(phase(before, phase), Readiness.waitingFor(wait))
        .recheckAfter(phase.isUnderWay() ? WHILE_MOVING : WHILE_WAITING);
  }

  /** A move that begins or is given up tells of no bytes. */
  static Migration.Status progressing(Migration.Status before, Transfer.Progress progress) {
    int percent = progress.percent() / STEP_PERCENT * STEP_PERCENT;
    Integer told = before.progressPercent();
    boolean isTold = told != null && told == percent && !isStep(before.bytesProcessed(), progress);
    if (progress.totalBytes() == 0 || isTold) {
      return before;
    }
    return with(
        before, before.phase(), percent, progress, before.downtimeMilliseconds(), before.endedAt());
  }

  /** A guest that writes as fast as it is copied comes no further, while bytes go on. */
  private static boolean isStep(@Nullable Long told, Transfer.Progress progress) {
    return told == null
        || progress.processedBytes() - told >= progress.totalBytes() * STEP_PERCENT / 100;
  }

  private Migration.Status over(Migration.Status before, Step.Over over, ObservedMigration seen) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    if (over.phase() != Migration.Phase.Succeeded) {
      return ended(before, over.phase(), now);
    }
    Optional<Transfer.Progress> arrival =
        seen instanceof Routed routed ? routed.arrival() : Optional.empty();
    return arrival
        .map(a -> with(before, over.phase(), 100, a, downtime(a), now))
        .orElseGet(() -> ended(before, over.phase(), now));
  }

  private static @Nullable Long downtime(Transfer.Progress arrival) {
    return arrival.downtime().isZero() ? null : arrival.downtime().toMillis();
  }

  private static Migration.Status with(
      Migration.Status before,
      Migration.@Nullable Phase phase,
      int percent,
      Transfer.Progress progress,
      @Nullable Long downtime,
      @Nullable String endedAt) {
    return new Migration.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        phase,
        before.source(),
        before.target(),
        before.epoch(),
        percent,
        progress.processedBytes(),
        progress.remainingBytes(),
        progress.totalBytes(),
        downtime,
        before.startedAt(),
        endedAt);
  }

  static Migration.Status phase(Migration.Status before, Migration.Phase phase) {
    return ended(before, phase, before.endedAt());
  }

  private static Migration.Status ended(
      Migration.Status before, Migration.Phase phase, @Nullable String endedAt) {
    return new Migration.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        phase,
        before.source(),
        before.target(),
        before.epoch(),
        before.progressPercent(),
        before.bytesProcessed(),
        before.bytesRemaining(),
        before.bytesTotal(),
        before.downtimeMilliseconds(),
        before.startedAt(),
        endedAt);
  }

  /** With its hosts, which are to be prepared. */
  static Migration.Status chosen(Migration.Status before, Route route, Instant now) {
    return new Migration.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        Migration.Phase.Preparing,
        route.source(),
        route.target(),
        route.epoch(),
        null,
        null,
        null,
        null,
        null,
        now.truncatedTo(ChronoUnit.SECONDS).toString(),
        null);
  }
}
