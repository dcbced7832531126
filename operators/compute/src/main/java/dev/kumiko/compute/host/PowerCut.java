package dev.kumiko.compute.host;

import java.util.Optional;

/** Whether a host is switched off because it was given up. */
sealed interface PowerCut {
  /** It is not to be: it is not given up, was heard since, or names no power controller. */
  record Unasked() implements PowerCut {}

  /**
   * No power controller has accepted yet.
   *
   * @param givenUpAt of the Fence for which
   * @param isDue whether to try now: no try goes on, and none failed a moment ago
   * @param failure why the last try failed; empty: nobody in this process knows of one
   */
  record Missing(String givenUpAt, boolean isDue, Optional<String> failure) implements PowerCut {}

  /**
   * A power controller has accepted.
   *
   * @param givenUpAt of the Fence for which
   */
  record Done(String givenUpAt) implements PowerCut {}
}
