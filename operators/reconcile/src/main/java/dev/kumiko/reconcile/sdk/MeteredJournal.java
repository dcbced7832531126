package dev.kumiko.reconcile.sdk;

import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Journal;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One log line and one measurement for every applied action. At level DEBUG there is a line before
 * it too, so that what a process died in the midst of is known.
 */
public final class MeteredJournal implements Journal {
  private static final Logger log = LoggerFactory.getLogger("dev.kumiko.journal");
  private final MeterRegistry meters;

  public MeteredJournal(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public void apply(HasMetadata resource, Action action, Runnable work) {
    long start = System.nanoTime();
    String name = action.getClass().getSimpleName();
    line(Level.DEBUG, action, "begun").log(action::describe);
    String outcome = "failed";
    try {
      work.run();
      outcome = "done";
    } finally {
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      meters
          .timer("kumiko.actions", "kind", resource.getKind(), "action", name, "outcome", outcome)
          .record(taken);
      line(Level.INFO, action, outcome).addKeyValue("ms", taken.toMillis()).log(action.describe());
    }
  }

  private static LoggingEventBuilder line(Level level, Action action, String outcome) {
    return log.atLevel(level)
        .addKeyValue("action", action.getClass().getSimpleName())
        .addKeyValue("target", action.target())
        .addKeyValue("outcome", outcome);
  }
}
