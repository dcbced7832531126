package dev.kumiko.storage.work;

/** How far a piece of work is, in this process. */
public sealed interface WorkState {
  /** Not under way: never started, or done. */
  record Idle() implements WorkState {}

  /** Under way, or about to be. */
  record Running(int percent) implements WorkState {}

  /** No longer wanted, but not ended yet. */
  record Stopping() implements WorkState {}

  /** It failed, and is worth another try, now if {@code due}. */
  record Failed(String message, boolean due) implements WorkState {}

  /** It failed, and will fail again. */
  record Refused(String reason, String message) implements WorkState {}
}
