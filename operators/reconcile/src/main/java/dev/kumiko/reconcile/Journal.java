package dev.kumiko.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Stands around every applied action: the log line, the metric, and in tests the crash. */
@FunctionalInterface
public interface Journal {
  /** MUST run {@code work}, or throw. */
  void apply(HasMetadata resource, Action action, Runnable work);
}
