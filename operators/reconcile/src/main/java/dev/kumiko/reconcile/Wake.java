package dev.kumiko.reconcile;

/** Asks for a pass over one resource, from any thread. */
@FunctionalInterface
public interface Wake {
  void wake(ObjectKey key);
}
