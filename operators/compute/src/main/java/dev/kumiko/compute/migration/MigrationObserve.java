package dev.kumiko.compute.migration;

import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.libvirt.Transfer;
import dev.kumiko.compute.migration.ObservedMigration.Routed;
import dev.kumiko.compute.migration.ObservedMigration.Side;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Migration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Where the guest of a Migration is. */
record MigrationObserve(
    GuestSight sight, HostChoice choice, Preparation preparation, InstantSource clock) {

  /**
   * @throws Unavailable when a host that has a part in it does not answer: nothing is known then
   */
  ObservedMigration of(DesiredMigration desired) {
    if (desired.phase().isOver() || desired.machine().isEmpty()) {
      return new ObservedMigration.Settled();
    }
    return desired
        .route()
        .map(route -> routed(desired, route))
        .orElseGet(() ->
            desired.isLeaving()
                ? new ObservedMigration.Settled()
                : new ObservedMigration.Open(choice.of(desired)));
  }

  /**
   * The source is asked first, then the target: a guest that left the one has come to the other.
   */
  private ObservedMigration routed(DesiredMigration desired, Route route) {
    UUID guest = desired.guest();
    Transfer transfer = transfer(route, guest);
    Side source = sight.of(route.source(), guest, route.epoch());
    Side target = target(desired, route, transfer, source);
    boolean isFollowed = desired.isPlacedOn(route.target());
    return new Routed(
        desired.phase() == Migration.Phase.Running,
        source,
        target,
        transfer,
        missing(desired, route, source, target),
        isOverdue(desired),
        isFollowed,
        isFollowed ? arrival(route, guest) : Optional.empty());
  }

  /** Once it is known that the guest has not left, its target is not waited for. */
  private Side target(DesiredMigration desired, Route route, Transfer transfer, Side source) {
    try {
      if (source.state().isEmpty() && !sight.isGivenUp(route.target())) {
        sight.host(route.target()).transfer(desired.guest());
      }
      return sight.of(route.target(), desired.guest(), route.epoch());
    } catch (Unavailable e) {
      if (isKept(desired, transfer, source) || isLost(desired, route, source)) {
        return new Side.Silent(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  /** What waits at the target is void when the source was given up. */
  private static boolean isLost(DesiredMigration desired, Route route, Side source) {
    return source instanceof Side.GivenUp
        && !desired.order().postCopy()
        && !desired.isPlacedOn(route.target());
  }

  /**
   * A move that failed as its source says left the guest where it runs, and so did one that is not
   * begun: a drain, which is never by post-copy, has other hosts to go to then.
   */
  private static boolean isKept(DesiredMigration desired, Transfer transfer, Side source) {
    boolean isNotBegun =
        desired.order().isOfDrain() && desired.phase() == Migration.Phase.Preparing;
    return isRunning(source)
        && transfer instanceof Transfer.None none
        && (isNotBegun || (!desired.order().postCopy() && none.failure().isPresent()));
  }

  private static boolean isRunning(Side side) {
    return side.state().filter(s -> s == GuestState.RUNNING).isPresent();
  }

  private Transfer transfer(Route route, UUID guest) {
    return sight.isGivenUp(route.source())
        ? new Transfer.None(Optional.empty())
        : sight.host(route.source()).transfer(guest);
  }

  private List<Wait> missing(DesiredMigration desired, Route route, Side source, Side target) {
    boolean isToGo = isRunning(source) && target instanceof Side.Seen;
    return isToGo ? preparation.missing(desired, route) : List.of();
  }

  private boolean isOverdue(DesiredMigration desired) {
    return desired
        .startedAt()
        .filter(began -> clock.instant().isAfter(began.plus(desired.order().deadline())))
        .isPresent();
  }

  private Optional<Transfer.Progress> arrival(Route route, UUID guest) {
    return sight.isGivenUp(route.target())
        ? Optional.empty()
        : sight.host(route.target()).arrival(guest);
  }
}
