package dev.kumiko.compute.vm;

import dev.kumiko.compute.vm.ObservedVirtualMachine.Hearing;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Pace;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Shutdown;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was tried lately, so that a guest gets its time to power off and one that ends again and
 * again is not started without a pause. Losing it costs a second request, nothing more.
 */
final class Tempo {
  /** Two attempts are free, so that a guest that was ended once is back at once. */
  private static final int FREE_ATTEMPTS = 2;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  private static final int DOUBLINGS = 5;
  private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(3);

  /** From its first packet to an address that answers: a DHCP exchange with one repetition. */
  private static final Duration SETTLING = Duration.ofSeconds(4);

  /** For how long an answer can outlive its guest: three probes of two seconds, and some. */
  private static final Duration ECHO = Duration.ofSeconds(10);

  private final InstantSource clock;
  private final Duration grace;
  private final Map<UUID, Instant> asked = new ConcurrentHashMap<>();
  private final Map<UUID, Attempts> starts = new ConcurrentHashMap<>();
  private final Map<UUID, String> refusals = new ConcurrentHashMap<>();
  private final Map<UUID, Attempts> retries = new ConcurrentHashMap<>();

  private final Map<UUID, Instant> resumed = new ConcurrentHashMap<>();
  private final Map<UUID, Instant> heard = new ConcurrentHashMap<>();
  private final Set<UUID> unanswered = ConcurrentHashMap.newKeySet();
  private final Set<UUID> answered = ConcurrentHashMap.newKeySet();

  private final Map<UUID, Grant> grants = new ConcurrentHashMap<>();

  private record Attempts(int count, Instant last) {}

  private record Grant(long epoch, Instant seen) {}

  /**
   * @param grace how long a guest may take to power off
   */
  Tempo(InstantSource clock, Duration grace) {
    this.clock = clock;
    this.grace = grace;
  }

  /**
   * How things stand with a guest.
   *
   * @param grantedAt what {@link #granted} says, while its disks are granted and it recovers
   */
  Pace of(UUID guest, Hearing hearing, Optional<Instant> grantedAt) {
    return new Pace(
        shutdown(guest),
        isDue(starts.get(guest)),
        Optional.ofNullable(refusals.get(guest)),
        isDue(retries.get(guest)),
        hearing,
        grantedAt);
  }

  /** Its disks are granted at the epoch: since when, as far as this process saw. */
  Instant granted(UUID guest, long epoch) {
    return grants
        .merge(
            guest,
            new Grant(epoch, clock.instant()),
            (known, seen) -> known.epoch() == epoch ? known : seen)
        .seen();
  }

  /**
   * Whether a running guest may be taken to answer on its addresses. No agent tells, so it is taken
   * from what it sends: a guest that asks for an address is heard and has it a moment later.
   *
   * @param wasReady whether it was taken to answer before this process began
   */
  boolean answers(UUID guest, boolean isHeard, boolean wasReady) {
    if (isKnown(guest, wasReady)) {
      return true;
    }
    Instant now = clock.instant();
    resumed.putIfAbsent(guest, now);
    boolean settled =
        isHeard && !now.isBefore(heard.computeIfAbsent(guest, g -> now).plus(SETTLING));
    if (settled) {
      answered.add(guest);
    }
    return settled;
  }

  /** Whether it answered before, wherever it ran then: a guest that was moved goes on. */
  private boolean isKnown(UUID guest, boolean hadAnswered) {
    if (hadAnswered && !resumed.containsKey(guest)) {
      answered.add(guest);
    }
    return answered.contains(guest);
  }

  /**
   * What the answer to a probe says about a running guest. It may still be the answer of the guest
   * that ran before: it counts once it was seen missing since this one was let run, or when no
   * answer can be that old.
   *
   * @param hadAnswered whether this guest had answered before this process began
   */
  Hearing probed(UUID guest, boolean answers, boolean hadAnswered) {
    boolean isKnown = isKnown(guest, hadAnswered);
    if (!answers) {
      unanswered.add(guest);
      return isKnown ? Hearing.FELL_SILENT : Hearing.NOTHING_YET;
    }
    if (isKnown || unanswered.contains(guest) || isPastEchoes(guest)) {
      answered.add(guest);
      return Hearing.ANSWERS;
    }
    return Hearing.NOTHING_YET;
  }

  private boolean isPastEchoes(UUID guest) {
    Instant now = clock.instant();
    return !now.isBefore(resumed.computeIfAbsent(guest, g -> now).plus(ECHO));
  }

  /** The guest was let run, and boots. */
  void resumed(UUID guest) {
    resumed.put(guest, clock.instant());
    refusals.remove(guest);
    unhear(guest);
  }

  private void unhear(UUID guest) {
    heard.remove(guest);
    unanswered.remove(guest);
    answered.remove(guest);
  }

  Shutdown shutdown(UUID guest) {
    Instant since = asked.get(guest);
    if (since == null) {
      return Shutdown.NOT_ASKED;
    }
    return clock.instant().isBefore(since.plus(grace)) ? Shutdown.ASKED : Shutdown.IGNORED;
  }

  void shutdownAsked(UUID guest) {
    asked.putIfAbsent(guest, clock.instant());
  }

  /** The guest runs and shall go on: what it was asked before does not count next time. */
  void goesOn(UUID guest) {
    asked.remove(guest);
  }

  /** An attempt to start it begins. */
  void started(UUID guest) {
    refusals.remove(guest);
    starts.compute(guest, (g, before) -> next(before));
  }

  /** The attempt failed. */
  void refused(UUID guest, String why) {
    refusals.put(guest, why);
  }

  void retried(UUID guest) {
    retries.compute(guest, (g, before) -> next(before));
  }

  /** The guest is not active any more. */
  void ended(UUID guest) {
    asked.remove(guest);
    unhear(guest);
  }

  void forget(UUID guest) {
    asked.remove(guest);
    starts.remove(guest);
    refusals.remove(guest);
    retries.remove(guest);
    resumed.remove(guest);
    grants.remove(guest);
    unhear(guest);
  }

  private Attempts next(@org.jspecify.annotations.Nullable Attempts before) {
    Instant now = clock.instant();
    int count = before == null || isForgiven(before, now) ? 0 : before.count();
    return new Attempts(count + 1, now);
  }

  private boolean isDue(@org.jspecify.annotations.Nullable Attempts before) {
    if (before == null || before.count() < FREE_ATTEMPTS) {
      return true;
    }
    Instant now = clock.instant();
    int doublings = Math.min(before.count() - FREE_ATTEMPTS, DOUBLINGS);
    return isForgiven(before, now)
        || !now.isBefore(before.last().plus(FIRST_PAUSE.multipliedBy(1L << doublings)));
  }

  private static boolean isForgiven(Attempts before, Instant now) {
    return now.isAfter(before.last().plus(FORGIVEN_AFTER));
  }
}
