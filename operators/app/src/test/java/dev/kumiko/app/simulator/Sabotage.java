package dev.kumiko.app.simulator;

/** A safeguard that is taken away on purpose, to see that the invariants notice. */
enum Sabotage {
  NONE,
  /** Storage says that it refuses a host, and does not. */
  FENCE_SKIPPED,
  /** The same, and only who writes is looked at: not who could, nor who is refused. */
  FENCE_SKIPPED_UNSEEN,
  /** What is to be checked past every cache is read from the cache. */
  CHECK_SKIPPED,
  /** A guest is not started paused: it runs at once. */
  START_AT_ONCE,
  /** A guest that is moved runs at its target as soon as it has come. */
  ARRIVED_AT_ONCE,
  /** A host is let in as soon as it is back, before its old guests are ended. */
  UNFENCED_EARLY,
  /** A move does not wait until its target is granted the disks. */
  GRANT_ASSUMED,
  /** A drain that was taken back goes on. */
  DRAIN_GOES_ON,
  /** A move does not see that others are under way. */
  LIMITS_FORGOTTEN,
  /** A guest is ended where it is to be moved. */
  MOVED_BY_A_STOP;

  boolean skipsTheFence() {
    return this == FENCE_SKIPPED || this == FENCE_SKIPPED_UNSEEN;
  }
}
