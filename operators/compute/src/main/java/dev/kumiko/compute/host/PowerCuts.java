package dev.kumiko.compute.host;

import dev.kumiko.compute.power.PowerControllers;
import dev.kumiko.compute.power.PowerSwitch;
import dev.kumiko.v1alpha1.Host;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tries of this process to switch hosts off, each beside the passes over its host: one may take
 * many seconds. What succeeded is kept in the Host's status; a new leader tries what is not there.
 */
final class PowerCuts {
  private static final Logger log = LoggerFactory.getLogger(PowerCuts.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** A machine that boots is as silent as one that hangs: who repairs it is not to be defeated. */
  private static final Duration TRIED_FOR = Duration.ofMinutes(10);

  private final InstantSource clock;
  private final Map<String, Tries> byHost = new ConcurrentHashMap<>();
  private volatile PowerSwitch way = (host, isWanted) -> false;
  private volatile Executor beside = Runnable::run;

  PowerCuts(InstantSource clock) {
    this.clock = clock;
  }

  /** The tries for one failure of a host. */
  private record Tries(
      String givenUpAt, boolean isDone, Duration pause, Instant next, Optional<String> failure) {
    static Tries none(String givenUpAt) {
      return new Tries(givenUpAt, false, FIRST_PAUSE, Instant.MIN, Optional.empty());
    }

    Tries begun() {
      return new Tries(givenUpAt, false, pause, Instant.MAX, failure);
    }

    Tries done() {
      return new Tries(givenUpAt, true, pause, Instant.MAX, Optional.empty());
    }

    Tries failed(Instant now, Optional<String> why) {
      Duration doubled = pause.multipliedBy(2);
      return new Tries(
          givenUpAt,
          false,
          doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE,
          now.plus(pause),
          why);
    }
  }

  void switchOffWith(PowerSwitch newWay, Executor newBeside) {
    way = newWay;
    beside = newBeside;
  }

  PowerCut of(Host host, String givenUpAt) {
    Tries tries = tries(host.getMetadata().getName(), givenUpAt);
    if (tries.isDone()) {
      return new PowerCut.Done(givenUpAt);
    }
    return PowerControllers.isNamedBy(host)
        ? new PowerCut.Missing(givenUpAt, isDue(tries), tries.failure())
        : new PowerCut.Unasked();
  }

  private boolean isDue(Tries tries) {
    Instant now = clock.instant();
    return !now.isBefore(tries.next())
        && now.isBefore(Instant.parse(tries.givenUpAt()).plus(TRIED_FOR));
  }

  private Tries tries(String host, String givenUpAt) {
    return Optional.ofNullable(byHost.get(host))
        .filter(t -> t.givenUpAt().equals(givenUpAt))
        .orElseGet(() -> Tries.none(givenUpAt));
  }

  void start(Host host, String givenUpAt, BooleanSupplier isWanted) {
    String name = host.getMetadata().getName();
    Tries begun = tries(name, givenUpAt).begun();
    byHost.put(name, begun);
    beside.execute(() -> {
      Tries ended = ended(host, begun, isWanted);
      byHost.replace(name, begun, ended);
    });
  }

  private Tries ended(Host host, Tries begun, BooleanSupplier isWanted) {
    try {
      return way.off(host, isWanted)
          ? begun.done()
          : begun.failed(clock.instant(), Optional.empty());
    } catch (RuntimeException e) {
      log.warn("host {} is not switched off: {}", host.getMetadata().getName(), e.toString());
      String why = Optional.ofNullable(e.getMessage()).orElseGet(e::toString);
      return begun.failed(clock.instant(), Optional.of(why));
    }
  }
}
