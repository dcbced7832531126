package dev.kumiko.storage.fence;

import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.storage.ceph.Pools;
import dev.kumiko.storage.fence.ObservedFence.PoolView;
import dev.kumiko.v1alpha1.Fence;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** What a Fence says of the host's guests, and of the pools. */
final class FenceReport {
  private static final Duration SOON = Duration.ofSeconds(1);

  /** Nobody tells when somebody lets the host in by hand. */
  private static final Duration WHILE_SHUT = Duration.ofSeconds(10);

  private FenceReport() {}

  static Report of(Fence fence, Desired<DesiredFence> desired, Optional<ObservedFence> observed) {
    return switch (desired) {
      case Desired.Present<DesiredFence>(DesiredFence asked) when observed.isPresent() ->
          switch (asked.stage()) {
            case Suspected -> suspected(fence, observed.get());
            case GivenUp -> givenUp(fence, asked, observed.get());
          };
      case Desired.Absent<DesiredFence>(DesiredFence asked) when observed.isPresent() ->
          leaving(fence, asked, observed.get());
      case Desired.Present<DesiredFence> _,
          Desired.Absent<DesiredFence> _,
          Desired.Blocked<DesiredFence> _ ->
          Report.of(fence.observed(), Readiness.waiting("Blocked", "It waits."));
    };
  }

  private static Report suspected(Fence fence, ObservedFence observed) {
    Readiness readiness =
        observed
            .guests()
            .<Readiness>map(guests -> new Readiness.Ready(said(guests)))
            .orElseGet(() ->
                Readiness.waiting(
                    "GuestsUnknown",
                    "No pool could be asked about its guests: see the StoragePools."));
    return Report.of(
            status(fence, observed.guests().orElse(null), fence.observed().pools()), readiness)
        .recheckAfter(SOON);
  }

  private static String said(Fence.Guests guests) {
    return switch (guests) {
      case Answering -> "Suspected; a guest on it answers through Ceph.";
      case Silent -> "Suspected; no guest on it answers through Ceph.";
      case None -> "Suspected; no guest has a disk there.";
    };
  }

  private static Report givenUp(Fence fence, DesiredFence asked, ObservedFence observed) {
    List<Fence.PoolState> states = states(asked, observed, FenceReport::refuses);
    List<Wait> waits =
        states.stream().filter(s -> !s.refuses()).map(s -> open(s.pool(), observed)).toList();
    Fence.Status status = status(fence, fence.observed().guests(), states);
    if (!waits.isEmpty()) {
      return Report.of(
              status,
              new Readiness.Waiting(waits.getFirst().reason(), waits.getFirst().message(), waits))
          .recheckAfter(SOON);
    }
    return Report.of(
            status,
            fence.getMetadata().getDeletionTimestamp() == null
                ? new Readiness.Ready("Every pool refuses the host.")
                : Readiness.waiting(
                    "NotReleased",
                    "Every pool refuses the host until it is back and its old guests are ended:"
                        + " they may run elsewhere by now. Bring the host back, then this goes by"
                        + " itself."))
        .recheckAfter(WHILE_SHUT);
  }

  private static List<Fence.PoolState> states(
      DesiredFence asked,
      ObservedFence observed,
      BiPredicate<DesiredFence, @Nullable PoolView> refuses) {
    return asked.pools().stream()
        .map(pool -> pool.getMetadata().getName())
        .map(name -> new Fence.PoolState(name, refuses.test(asked, observed.pools().get(name))))
        .toList();
  }

  private static boolean refuses(DesiredFence asked, @Nullable PoolView view) {
    return view instanceof PoolView.Seen seen && seen.open(asked.addresses()).isEmpty();
  }

  private static Wait open(String pool, ObservedFence observed) {
    return new Wait(
        "Endpoint",
        Pools.endpoint(pool),
        "PoolNotRefusing",
        "StoragePool " + pool + " was not seen to refuse the host yet" + why(pool, observed));
  }

  private static String why(String pool, ObservedFence observed) {
    return observed.pools().get(pool) instanceof PoolView.Unknown(String m) ? ": " + m : "";
  }

  /** A pool that is not seen may go on refusing the host. */
  private static Report leaving(Fence fence, DesiredFence asked, ObservedFence observed) {
    List<Fence.PoolState> states = states(asked, observed, FenceReport::stillRefuses);
    List<Wait> waits =
        states.stream()
            .filter(Fence.PoolState::refuses)
            .map(s -> shut(s.pool(), observed))
            .toList();
    return Report.of(
            status(fence, null, states),
            waits.isEmpty()
                ? Readiness.waiting("Deleting", "The host is let in again.")
                : new Readiness.Waiting("Deleting", waits.getFirst().message(), waits))
        .recheckAfter(SOON);
  }

  private static Wait shut(String pool, ObservedFence observed) {
    return new Wait(
        "Endpoint",
        Pools.endpoint(pool),
        "PoolStillRefusing",
        "StoragePool " + pool + " was not seen to let the host in again" + why(pool, observed));
  }

  private static boolean stillRefuses(DesiredFence asked, @Nullable PoolView view) {
    return !(view instanceof PoolView.Seen seen) || !seen.entries(asked.addresses()).isEmpty();
  }

  private static Fence.Status status(
      Fence fence, Fence.@Nullable Guests guests, List<Fence.PoolState> pools) {
    Fence.Status before = fence.observed();
    return new Fence.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        guests,
        pools);
  }
}
