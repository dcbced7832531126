package dev.kumiko.app.simulator;

/** A safeguard that is taken away on purpose, to see that the invariants notice. */
enum Sabotage {
  NONE,
  /** Storage says that it refuses a host, and does not. */
  FENCE_SKIPPED,
  /** What is to be checked past every cache is read from the cache. */
  CHECK_SKIPPED,
  /** A guest is not started paused: it runs at once. */
  START_AT_ONCE,
  /** A host is let in as soon as it is back, before its old guests are ended. */
  UNFENCED_EARLY
}
