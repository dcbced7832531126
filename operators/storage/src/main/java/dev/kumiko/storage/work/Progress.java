package dev.kumiko.storage.work;

/** How a piece of work tells how far it is, and learns that it is no longer wanted. */
@FunctionalInterface
public interface Progress {
  /**
   * Work calls this often.
   *
   * @throws java.util.concurrent.CancellationException when the work is no longer wanted
   */
  void at(int percent);

  /** The part of this progress that one step of the work covers. */
  default Progress part(int fromPercent, int toPercent) {
    return percent -> at(fromPercent + (toPercent - fromPercent) * percent / 100);
  }
}
