package dev.kumiko.reconcile.sdk;

import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Journal;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log line and one measurement for every applied action. */
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
    String outcome = "failed";
    try {
      work.run();
      outcome = "done";
    } finally {
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      meters
          .timer("kumiko.actions", "kind", resource.getKind(), "action", name, "outcome", outcome)
          .record(taken);
      log.atInfo()
          .addKeyValue("action", name)
          .addKeyValue("target", action.target())
          .addKeyValue("outcome", outcome)
          .addKeyValue("ms", taken.toMillis())
          .log(action.describe());
    }
  }
}
