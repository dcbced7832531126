package dev.kumiko.compute.migration;

import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Migration;

/** What comes next for a Migration. */
sealed interface Step {
  /** Something is to be done. */
  record Do(MigrationAction action) implements Step {}

  /** Somebody else, or time, brings it on. */
  record Await(Wait on) implements Step {}

  /** Nothing: it is over. */
  record Over(Migration.Phase phase, String reason, String message) implements Step {
    static Over failed(String reason, String message) {
      return new Over(Migration.Phase.Failed, reason, message);
    }
  }

  /** It was over before. */
  record Past() implements Step {}
}
