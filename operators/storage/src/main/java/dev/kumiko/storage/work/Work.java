package dev.kumiko.storage.work;

import java.io.IOException;

/** Something that takes a while. */
@FunctionalInterface
public interface Work {
  /**
   * Runs to the end. A {@link dev.kumiko.reconcile.Rejection} means that trying again cannot help;
   * after every other exception it is run again.
   */
  void run(Progress progress) throws IOException, InterruptedException;
}
