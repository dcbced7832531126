package dev.kumiko.reconcile;

import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Reported;
import dev.kumiko.v1alpha1.Reporting;
import io.fabric8.kubernetes.client.CustomResource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one kind's resources through desire, observe, plan, apply, report. Knows neither the
 * operator SDK nor any driver. Safe for use by several threads, as long as each resource is with
 * one of them.
 */
public final class Loop<R extends CustomResource<?, ?> & Reporting, D, O, A extends Action> {
  /** Rounds of observe-plan-apply in one pass, before the report is due. */
  private static final int ROUNDS = 8;

  private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(1);

  /** Creation times are whole seconds. */
  private static final Duration BRIEF = Duration.ofSeconds(2);

  private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(30);
  private static final Logger log = LoggerFactory.getLogger(Loop.class);
  private final Kind<R, D, O, A> kind;
  private final Cluster cluster;
  private final InstantSource clock;
  private final Journal journal;

  public Loop(Kind<R, D, O, A> kind, Cluster cluster, InstantSource clock, Journal journal) {
    this.kind = kind;
    this.cluster = cluster;
    this.clock = clock;
    this.journal = journal;
  }

  /**
   * One pass.
   *
   * @throws Conflict when the resource changed under the pass: repeat it
   */
  public Outcome<R> reconcile(R resource) {
    Pass<R> pass = new Pass<>(cluster, resource);
    Round<D, O, A> round;
    try {
      Mode mode = Mode.of(resource);
      if (mode == Mode.PAUSED) {
        return written(pass, conditions(resource).paused(), Optional.empty(), Optional.empty());
      }
      round = rounds(pass, mode);
    } catch (Rejection rejection) {
      return reported(
          pass, new Readiness.Stalled(rejection.reason(), message(rejection)), Optional.empty());
    } catch (Unavailable unavailable) {
      return reported(pass, unknown(unavailable), Optional.of(unavailable));
    }
    if (round.failure().isPresent()) {
      return failed(pass, round.failure().get());
    }
    boolean deleting = resource.getMetadata().getDeletionTimestamp() != null;
    boolean held = round.observed().map(kind::holds).orElse(false);
    if (deleting
        && !held
        && round.pending().isEmpty()
        && round.desired() instanceof Desired.Absent<D>) {
      return new Outcome<>(pass.resource(), Optional.empty(), true, Optional.empty());
    }
    return settled(pass, round);
  }

  /** Says on the resource that a pass broke off for a reason that no kind foresaw. */
  public void reportBroken(R resource, RuntimeException failure) {
    Readiness unknown =
        new Readiness.Unknown(
            "InternalError",
            "the operator failed and tries again, its log says more: " + message(failure),
            List.of());
    reported(new Pass<>(cluster, resource), unknown, Optional.empty());
  }

  private Round<D, O, A> rounds(Pass<R> pass, Mode mode) {
    for (int i = 1; ; i++) {
      Desired<D> desired = kind.desire(pass.resource());
      D asked =
          switch (desired) {
            case Desired.Present<D> present -> present.value();
            case Desired.Absent<D> absent -> absent.value();
            case Desired.Blocked<D> _ -> null;
          };
      if (asked == null) {
        return new Round<>(desired, Optional.empty(), List.of(), Optional.empty());
      }
      O observed = kind.observe(pass.resource(), asked);
      List<A> plan = kind.plan(desired, observed);
      if (plan.isEmpty() || mode == Mode.PLAN || i > ROUNDS) {
        return new Round<>(desired, Optional.of(observed), plan, Optional.empty());
      }
      R before = pass.resource();
      Optional<RuntimeException> failure = applyAll(pass, plan);
      if (failure.isPresent()) {
        return new Round<>(desired, Optional.of(observed), plan, failure);
      }
      if (i == 1) {
        tellDrift(before, plan);
      }
    }
  }

  /** What is missing on a resource that was Ready as it stands was changed by somebody else. */
  private void tellDrift(R resource, List<A> plan) {
    List<String> repairs = plan.stream().filter(Action::repairs).map(Action::describe).toList();
    if (resource.observed().isReady() && !isChangedByUser(resource) && !repairs.isEmpty()) {
      cluster.event(
          resource,
          Cluster.Severity.Warning,
          "DriftRepaired",
          "changed behind its back and put right: " + String.join("; ", repairs));
    }
  }

  /** Whether it asks for something else than when it was last reported on. */
  private boolean isChangedByUser(R resource) {
    return resource.getMetadata().getDeletionTimestamp() != null
        || !Objects.equals(
            resource.observed().observedGeneration(), resource.getMetadata().getGeneration());
  }

  /** Applies in order; a failure ends its own target only. The first failure comes back. */
  private Optional<RuntimeException> applyAll(Pass<R> pass, List<A> plan) {
    Set<String> failed = new HashSet<>();
    Optional<RuntimeException> first = Optional.empty();
    for (A action : plan) {
      if (failed.contains(action.target())) {
        continue;
      }
      try {
        journal.apply(pass.resource(), action, () -> kind.apply(pass, action));
      } catch (Conflict e) {
        throw e;
      } catch (RuntimeException e) {
        failed.add(action.target());
        first = first.isPresent() ? first : Optional.of(e);
      }
    }
    return first;
  }

  private Outcome<R> failed(Pass<R> pass, RuntimeException failure) {
    return switch (failure) {
      case Rejection rejection ->
          reported(
              pass,
              new Readiness.Stalled(rejection.reason(), message(rejection)),
              Optional.empty());
      case Unavailable unavailable ->
          reported(pass, waiting(unavailable), Optional.of(unavailable));
      default -> throw failure;
    };
  }

  private Outcome<R> settled(Pass<R> pass, Round<D, O, A> round) {
    R resource = pass.resource();
    Report report =
        round.desired() instanceof Desired.Blocked<D> blocked && round.observed().isEmpty()
            ? blockedReport(resource, round, blocked)
            : kind.report(resource, round.desired(), round.observed());
    List<String> plan = plan(resource, round);
    if (!plan.isEmpty() && report.readiness() instanceof Readiness.Ready) {
      report =
          new Report(
              report.status(),
              Readiness.waiting("PlanPending", plan.size() + " pending actions: see status.plan"),
              report.aspects(),
              report.recheckAfter());
    }
    return write(pass, report, plan);
  }

  private List<String> plan(R resource, Round<D, O, A> round) {
    Stream<String> pending = round.pending().stream().map(Action::describe);
    Stream<String> later =
        Mode.of(resource) == Mode.PLAN
            ? round.observed().stream()
                .flatMap(observed -> kind.outlook(round.desired(), observed).stream())
                .map("then: "::concat)
            : Stream.empty();
    return Stream.concat(pending, later).toList();
  }

  private Report blockedReport(R resource, Round<D, O, A> round, Desired.Blocked<D> blocked) {
    Report report = kind.report(resource, round.desired(), round.observed());
    Wait first = blocked.on().getFirst();
    return new Report(
        report.status(),
        new Readiness.Waiting(first.reason(), first.message(), blocked.on()),
        report.aspects(),
        report.recheckAfter());
  }

  private Outcome<R> reported(Pass<R> pass, Readiness readiness, Optional<Unavailable> failure) {
    Reported<?> after = conditions(pass.resource()).failed(readiness);
    return written(pass, after, patience(readiness, after), failure);
  }

  private Outcome<R> write(Pass<R> pass, Report report, List<String> plan) {
    Reported<?> after = conditions(pass.resource()).reported(report, plan);
    Optional<Duration> patience = patience(report.readiness(), after);
    Optional<Duration> again =
        plan.isEmpty() ? report.recheckAfter().or(() -> patience) : earlier(report, patience);
    if (plan.isEmpty() && isBriefWait(pass.resource(), report)) {
      return new Outcome<>(
          pass.resource(), Optional.of(SHORTEST_PATIENCE), false, Optional.empty());
    }
    return written(pass, after, again, Optional.empty());
  }

  /**
   * What a new object that one of ours made for itself waits for is said when it lasts: mostly it
   * is over at once. Objects that users made say at once that they are not Ready.
   */
  private boolean isBriefWait(R resource, Report report) {
    Reported<?> before = resource.observed();
    return report.readiness() instanceof Readiness.Waiting
        && before.conditions().isEmpty()
        && resource.getMetadata().getDeletionTimestamp() == null
        && resource.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner -> Boolean.TRUE.equals(owner.getController()))
        && age(resource).compareTo(BRIEF) < 0
        && Conditions.without(report.status()).equals(Conditions.without(before));
  }

  private Duration age(R resource) {
    return Duration.between(
        Instant.parse(resource.getMetadata().getCreationTimestamp()), clock.instant());
  }

  private static Optional<Duration> earlier(Report report, Optional<Duration> patience) {
    return Stream.of(report.recheckAfter(), patience)
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  private Outcome<R> written(
      Pass<R> pass, Reported<?> after, Optional<Duration> again, Optional<Unavailable> failure) {
    R resource = pass.resource();
    if (after.equals(resource.getStatus())) {
      return new Outcome<>(resource, again, false, failure);
    }
    log.debug("{} {}: {}", resource.getKind(), ObjectKey.of(resource), after.conditions());
    tellTurn(resource, after);
    return new Outcome<>(
        cluster.updateStatus(Statuses.replaced(resource, after)), again, false, failure);
  }

  /** A Ready that is lost, or comes back from Unknown, although its user changed nothing. */
  private void tellTurn(R resource, Reported<?> after) {
    Reported<?> before = resource.observed();
    Optional<Condition> was = before.condition(Condition.READY);
    Optional<Condition> is = after.condition(Condition.READY);
    if (isChangedByUser(resource) || was.isEmpty() || is.isEmpty()) {
      return;
    }
    if (was.get().isTrue() && !is.get().isTrue()) {
      cluster.event(
          resource,
          Cluster.Severity.Warning,
          is.get().reason(),
          "not Ready any more: " + is.get().message());
    } else if (was.get().status().equals("Unknown") && is.get().isTrue()) {
      cluster.event(resource, Cluster.Severity.Normal, Condition.READY, is.get().message());
    }
  }

  private Conditions conditions(R resource) {
    long generation = Optional.ofNullable(resource.getMetadata().getGeneration()).orElse(0L);
    return new Conditions(resource.observed(), generation, clock.instant());
  }

  /** What waits is looked at again even if no event comes: as long from now as it has waited. */
  private Optional<Duration> patience(Readiness readiness, Reported<?> status) {
    return switch (readiness) {
      case Readiness.Ready _, Readiness.Stalled _ -> Optional.empty();
      case Readiness.Waiting _, Readiness.Unknown _ -> {
        Instant since =
            status
                .condition(Condition.READY)
                .map(c -> Instant.parse(c.lastTransitionTime()))
                .orElse(clock.instant());
        Duration waited = Duration.between(since, clock.instant());
        yield Optional.of(
            waited.compareTo(SHORTEST_PATIENCE) < 0
                ? SHORTEST_PATIENCE
                : waited.compareTo(LONGEST_PATIENCE) > 0 ? LONGEST_PATIENCE : waited);
      }
    };
  }

  private static Readiness unknown(Unavailable e) {
    return new Readiness.Unknown(e.reason(), e.asWait().message(), List.of(e.asWait()));
  }

  private static Readiness waiting(Unavailable e) {
    return new Readiness.Waiting(e.reason(), e.asWait().message(), List.of(e.asWait()));
  }

  private static String message(Throwable e) {
    return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
  }

  private record Round<D, O, A>(
      Desired<D> desired,
      Optional<O> observed,
      List<A> pending,
      Optional<RuntimeException> failure) {
    Round {
      pending = List.copyOf(new ArrayList<>(pending));
    }
  }

  /**
   * What a pass came to.
   *
   * @param resource its newest version
   * @param again when to look again although nothing happened
   * @param released whether the finalizer may go
   * @param failure what kept the pass from its end; retry with backoff
   */
  public record Outcome<R>(
      R resource, Optional<Duration> again, boolean released, Optional<Unavailable> failure) {}
}
