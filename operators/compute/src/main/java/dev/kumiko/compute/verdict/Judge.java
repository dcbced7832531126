package dev.kumiko.compute.verdict;

import dev.kumiko.compute.libvirt.Link;
import dev.kumiko.v1alpha1.Fence;
import java.util.Optional;

/**
 * Decides about one host. Nobody is given up on the word of one signal: libvirtd is silent, no
 * guest was heard through Ceph, and the rest of the hosts is there.
 */
public record Judge(Policy policy) {

  public Verdict verdict(Evidence evidence) {
    Optional<Link.Lost> lost =
        evidence.link().filter(Link.Lost.class::isInstance).map(Link.Lost.class::cast);
    if (lost.isEmpty()) {
      return evidence.link().isPresent()
          ? new Verdict.Alive()
          : new Verdict.Open("it was not connected yet");
    }
    if (lost.get().sign() == Link.Sign.UNTRIED) {
      return new Verdict.Open("it was not tried yet");
    }
    if (evidence.isOrdered()) {
      return new Verdict.Dead("it was given up by hand; " + lost.get().message());
    }
    return switch (lost.get().sign()) {
      case UNTRIED, SILENT -> silent(evidence, lost.get());
      case REFUSED, FAILED -> alive(evidence, "the machine answers, its libvirtd does not");
    };
  }

  private Verdict silent(Evidence evidence, Link.Lost lost) {
    if (evidence.silence().isTotal()) {
      return new Verdict.Isolated(
          "all %d hosts are silent, so rather this operator is cut off"
              .formatted(evidence.silence().hosts()));
    }
    if (evidence.guests().isEmpty()) {
      return new Verdict.Open("its guests have not been asked through Ceph yet");
    }
    return switch (evidence.guests().get()) {
      case Answering -> alive(evidence, "its guests answer through Ceph, its libvirtd does not");
      case Silent, None -> dead(evidence, lost);
    };
  }

  private Verdict dead(Evidence evidence, Link.Lost lost) {
    if (evidence.silentFor().compareTo(policy.detection()) < 0) {
      return new Verdict.Open(
          "it is silent for less than " + policy.detection().toSeconds() + " s");
    }
    return given(
        evidence,
        lost.message() + "; " + heard(evidence),
        new Verdict.Open("others that were silent with it are coming back"));
  }

  private static String heard(Evidence evidence) {
    return evidence.guests().filter(Fence.Guests.None::equals).isPresent()
        ? "no guest has a disk open there"
        : "no guest of it is heard through Ceph";
  }

  private Verdict given(Evidence evidence, String why, Verdict meanwhile) {
    int limit = policy.limit(evidence.silence().hosts());
    if (evidence.silence().atOnce() > limit) {
      return new Verdict.TooMany(
          "%d of %d hosts fell silent at once, and at most %d are given up without a person"
              .formatted(evidence.silence().atOnce(), evidence.silence().hosts(), limit));
    }
    return evidence.isSettled() ? new Verdict.Dead(why) : meanwhile;
  }

  /** Guests run on, unless the policy's patience ends. */
  private Verdict alive(Evidence evidence, String how) {
    return policy.isOutOfPatience(evidence.silentFor())
        ? given(
            evidence,
            how + ", for longer than the " + policy.patience().toSeconds() + " s of the policy",
            new Verdict.DaemonDown(how))
        : new Verdict.DaemonDown(how);
  }
}
