package dev.kumiko.reconcile;

import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Reported;
import dev.kumiko.v1alpha1.WaitingFor;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Conditions and cause chain from a report; times of what did not change are kept. */
record Conditions(Reported<?> before, long generation, Instant now) {
  private static final String STALLED = "Stalled";

  Reported<?> reported(Report report, List<String> plan) {
    List<Condition> conditions = new ArrayList<>();
    for (Report.Aspect aspect : report.aspects()) {
      conditions.add(
          condition(
              aspect.type(), aspect.holds() ? "True" : "False", aspect.reason(), aspect.message()));
    }
    Readiness readiness = report.readiness();
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
    return report.status().with(generation, conditions, waits(readiness), plan);
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
