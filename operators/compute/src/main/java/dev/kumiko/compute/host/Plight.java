package dev.kumiko.compute.host;

import dev.kumiko.compute.verdict.Verdict;
import dev.kumiko.v1alpha1.Fence;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How bad things are with a host.
 *
 * @param isSilent whether nothing comes back from it at all
 * @param fence the case against it; empty: there is none, or only pools still have to let it in
 * @param leftovers domains of ours on it; of a host that was given up none may stay
 * @param isOrderSpent whether a person gave it up, and it answered since
 * @param powerCut whether it is switched off
 */
record Plight(
    Verdict verdict,
    boolean isSilent,
    Optional<Case> fence,
    List<Leftover> leftovers,
    boolean isOrderSpent,
    PowerCut powerCut) {
  Plight {
    leftovers = List.copyOf(leftovers);
  }

  /** Whether it was given up, and is not let in again yet. */
  boolean isShut() {
    return fence.filter(Case::isShut).isPresent();
  }

  /**
   * What the Fence says.
   *
   * @param isReleased whether it was let in since it was given up last
   * @param isLeaving whether it is being deleted
   */
  record Case(Fence.Stage stage, boolean isReleased, boolean isLeaving) {
    /** Whether nothing on the host may write any more. */
    boolean isShut() {
      return stage == Fence.Stage.GivenUp && !isReleased;
    }
  }

  /**
   * A domain of ours.
   *
   * @param epoch that it was started at
   */
  record Leftover(UUID guest, long epoch, boolean isActive) {}
}
