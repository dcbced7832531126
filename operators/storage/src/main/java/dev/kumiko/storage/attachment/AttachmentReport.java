package dev.kumiko.storage.attachment;

import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.v1alpha1.Attachment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an Attachment's status says; the grant is there and nowhere else. */
final class AttachmentReport {
  private static final String GRANTED = "Granted";
  private static final Duration WHILE_OPEN = Duration.ofMillis(500);

  private static final String UNREFUSED =
      "Its host was given up, and its pool does not refuse that host yet: see the Fence and the"
          + " StoragePool.";

  private static final Report.Aspect REVOKED =
      new Report.Aspect(GRANTED, false, "Revoked", "It is being deleted.");

  private AttachmentReport() {}

  static Report of(
      Attachment attachment,
      Desired<DesiredAttachment> desired,
      Optional<ObservedAttachment> observed) {
    return switch (desired) {
      case Desired.Present<DesiredAttachment>(DesiredAttachment asked) when observed.isPresent() ->
          grant(attachment, asked, observed.get());
      case Desired.Absent<DesiredAttachment>(DesiredAttachment asked) when observed.isPresent() ->
          release(attachment, asked, observed.get());
      case Desired.Blocked<DesiredAttachment>(List<Wait> on)
          when on.stream().anyMatch(wait -> wait.reason().equals(FencesOfHosts.REASON)) ->
          blocked(revoked(attachment, ""))
              .with(new Report.Aspect(GRANTED, false, "Revoked", "Its host was given up."));
      case Desired.Present<DesiredAttachment> _,
          Desired.Absent<DesiredAttachment> _,
          Desired.Blocked<DesiredAttachment> _ ->
          blocked(attachment.observed());
    };
  }

  private static Report blocked(Attachment.Status status) {
    return Report.of(status, Readiness.waiting("Blocked", "Waits for what it refers to."));
  }

  private static Report grant(
      Attachment attachment, DesiredAttachment asked, ObservedAttachment observed) {
    if (!observed.unrefused().isEmpty()) {
      List<Wait> waits = observed.unrefused().stream().sorted().map(FencesOfHosts::wait).toList();
      return Report.of(
              attachment.observed(), new Readiness.Waiting(FencesOfHosts.REASON, UNREFUSED, waits))
          .recheckAfter(WHILE_OPEN);
    }
    if (!asked.hosts().containsAll(attachment.getSpec().hosts())) {
      return fenced(attachment, asked, observed);
    }
    List<CephClient> strangers = AttachmentPlan.strangers(asked, observed);
    if (!strangers.isEmpty()) {
      String message =
          "The volume is open on %s, where it may not be: end that guest, or fence the host."
              .formatted(asked.names(strangers));
      return Report.of(
              beside(attachment, asked, observed), Readiness.waiting("OpenElsewhere", message))
          .with(new Report.Aspect(GRANTED, false, "OpenElsewhere", message))
          .recheckAfter(WHILE_OPEN);
    }
    if (!AttachmentPlan.plan(new Desired.Present<>(asked), observed).isEmpty()) {
      return Report.of(
          status(attachment, List.of(), null, asked.names(observed.live())),
          Readiness.waiting("LeftOpen", "What an earlier start left open is shut out first."));
    }
    List<String> hosts = attachment.getSpec().hosts();
    String message = message(hosts, attachment.getSpec().epoch());
    return Report.of(
            status(attachment, hosts, attachment.getSpec().epoch(), ""),
            new Readiness.Ready(message))
        .with(new Report.Aspect(GRANTED, true, GRANTED, message));
  }

  /**
   * One of its hosts was given up, as the target of a move may be. Its guest keeps what it has on
   * another, if it is seen at work there: it may have gone over. The epoch stays, because a guest
   * that is not seen may have lost Ceph for a moment only, and would be taken for a stranger after.
   */
  private static Report fenced(
      Attachment attachment, DesiredAttachment asked, ObservedAttachment observed) {
    Attachment.Status before = attachment.observed();
    List<Wait> waits =
        attachment.getSpec().hosts().stream()
            .filter(host -> !asked.hosts().contains(host))
            .map(FencesOfHosts::wait)
            .toList();
    List<String> left = before.grantedHosts().stream().filter(asked.hosts()::contains).toList();
    boolean isAtWork = isAtWork(asked, observed, left);
    Attachment.Status status =
        status(attachment, isAtWork ? left : List.of(), before.grantedEpoch(), "");
    return Report.of(
            status, new Readiness.Waiting(FencesOfHosts.REASON, waits.getFirst().message(), waits))
        .with(
            isAtWork
                ? new Report.Aspect(GRANTED, true, GRANTED, message(left, before.grantedEpoch()))
                : new Report.Aspect(GRANTED, false, "Revoked", "Its host was given up."))
        .recheckAfter(WHILE_OPEN);
  }

  private static String message(List<String> hosts, @Nullable Long epoch) {
    return "%s may write, at epoch %d.".formatted(String.join(" and ", hosts), epoch);
  }

  private static Report release(
      Attachment attachment, DesiredAttachment asked, ObservedAttachment observed) {
    if (observed.live().isEmpty() && !observed.unrefused().isEmpty()) {
      return Report.of(revoked(attachment, ""), Readiness.waiting(FencesOfHosts.REASON, UNREFUSED))
          .with(REVOKED)
          .recheckAfter(WHILE_OPEN);
    }
    String who = asked.names(observed.live());
    String message =
        "The volume is still open on %s: end that guest, or fence the host.".formatted(who);
    return Report.of(revoked(attachment, who), Readiness.waiting("StillOpen", message))
        .with(REVOKED)
        .recheckAfter(WHILE_OPEN);
  }

  /**
   * Beside a stranger a grant lasts, as it was, only while its guest is seen at work: one that is
   * started again would be the second writer. The epoch stays, because its guest may have lost Ceph
   * for a moment only.
   */
  private static Attachment.Status beside(
      Attachment attachment, DesiredAttachment asked, ObservedAttachment observed) {
    Attachment.Status before = attachment.observed();
    boolean isAtWork = asked.running() && isAtWork(asked, observed, before.grantedHosts());
    String who = asked.names(AttachmentPlan.strangers(asked, observed));
    return isAtWork
        ? status(attachment, before.grantedHosts(), before.grantedEpoch(), who)
        : status(attachment, List.of(), asked.running() ? before.grantedEpoch() : null, who);
  }

  private static boolean isAtWork(
      DesiredAttachment asked, ObservedAttachment observed, List<String> hosts) {
    return observed.live().stream()
        .flatMap(client -> asked.hosts(client).stream())
        .anyMatch(hosts::contains);
  }

  /** A host that had the grant and is named no more is remembered: its guest may be frozen. */
  private static Attachment.Status revoked(Attachment attachment, String openOn) {
    List<String> named = attachment.getSpec().hosts();
    List<String> before = attachment.observed().grantedHosts();
    return status(
        attachment, before.stream().filter(host -> !named.contains(host)).toList(), null, openOn);
  }

  private static Attachment.Status status(
      Attachment attachment, List<String> hosts, @Nullable Long epoch, String openOn) {
    Attachment.Status before = attachment.observed();
    return new Attachment.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        hosts,
        epoch,
        openOn.isEmpty() ? null : openOn);
  }
}
