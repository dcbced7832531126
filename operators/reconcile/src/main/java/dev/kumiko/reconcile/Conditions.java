package dev.kumiko.reconcile;

import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Kumiko;
import dev.kumiko.v1alpha1.Reported;
import dev.kumiko.v1alpha1.WaitingFor;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Conditions and cause chain from a report; times of what did not change are kept. */
record Conditions(Reported<?> before, long generation, Instant now) {
  private static final String STALLED = "Stalled";
  private static final String PAUSED = "Paused";

  /** What the loop says itself; all else comes from the kind. */
  private static final Set<String> OF_THE_LOOP =
      Set.of(Condition.READY, Condition.PROGRESSING, STALLED, PAUSED);

  Reported<?> reported(Report report, List<String> plan) {
    List<Condition> aspects =
        report.aspects().stream()
            .map(a -> condition(a.type(), a.holds() ? "True" : "False", a.reason(), a.message()))
            .toList();
    return with(report.status(), aspects, report.readiness(), plan);
  }

  /** The kind's own fields only. */
  static Reported<?> without(Reported<?> status) {
    return status.with(0L, List.of(), List.of(), List.of());
  }

  /** The kind could not say anything: what it said last stays. */
  Reported<?> failed(Readiness readiness) {
    List<Condition> aspects =
        before.conditions().stream().filter(c -> !OF_THE_LOOP.contains(c.type())).toList();
    return with(before, aspects, readiness, List.of());
  }

  /** Everything stays as it was last seen, and the status says that nobody looks. */
  Reported<?> paused() {
    List<Condition> conditions =
        new ArrayList<>(
            before.conditions().stream().filter(c -> !c.type().equals(PAUSED)).toList());
    conditions.add(
        condition(
            PAUSED,
            "True",
            PAUSED,
            "Nothing is looked at or done while the annotation %s is Paused: remove it to go on."
                .formatted(Kumiko.RECONCILE)));
    long seen = Optional.ofNullable(before.observedGeneration()).orElse(0L);
    return before.with(seen, conditions, before.waitingFor(), before.plan());
  }

  private Reported<?> with(
      Reported<?> status, List<Condition> aspects, Readiness readiness, List<String> plan) {
    List<Condition> conditions = new ArrayList<>(aspects);
    String reason = readiness.reason();
    String message = readiness.message();
    switch (readiness) {
      case Readiness.Ready _ -> {
        conditions.add(condition(Condition.READY, "True", reason, message));
        conditions.add(
            condition(Condition.PROGRESSING, "False", "Settled", "Nothing is left to do."));
      }
      case Readiness.Waiting _ -> {
        conditions.add(condition(Condition.READY, "False", reason, message));
        conditions.add(condition(Condition.PROGRESSING, "True", reason, message));
      }
      case Readiness.Unknown _ -> {
        conditions.add(condition(Condition.READY, "Unknown", reason, message));
        conditions.add(condition(Condition.PROGRESSING, "True", reason, message));
      }
      case Readiness.Stalled _ -> {
        conditions.add(condition(Condition.READY, "False", reason, message));
        conditions.add(condition(Condition.PROGRESSING, "False", reason, message));
        conditions.add(condition(STALLED, "True", reason, message));
      }
    }
    return status.with(generation, conditions, waits(readiness), plan);
  }

  private List<WaitingFor> waits(Readiness readiness) {
    List<Wait> on =
        switch (readiness) {
          case Readiness.Ready _, Readiness.Stalled _ -> List.of();
          case Readiness.Waiting waiting -> waiting.on();
          case Readiness.Unknown unknown -> unknown.on();
        };
    return on.stream().map(this::since).toList();
  }

  private WaitingFor since(Wait wait) {
    String since =
        before.waitingFor().stream()
            .filter(w -> w.kind().equals(wait.kind()) && w.name().equals(wait.name()))
            .filter(w -> w.reason().equals(wait.reason()))
            .map(WaitingFor::since)
            .findFirst()
            .orElse(timestamp());
    return new WaitingFor(wait.kind(), wait.name(), wait.reason(), wait.message(), since);
  }

  private Condition condition(String type, String status, String reason, String message) {
    String since =
        before
            .condition(type)
            .filter(c -> c.status().equals(status))
            .map(Condition::lastTransitionTime)
            .orElse(timestamp());
    return new Condition(type, status, reason, message, since, generation);
  }

  private String timestamp() {
    return now.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
