package dev.kumiko.storage.attachment;

import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.v1alpha1.Attachment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an Attachment's status says; the grant is there and nowhere else. */
final class AttachmentReport {
  private static final String GRANTED = "Granted";
  private static final Duration WHILE_OPEN = Duration.ofMillis(500);

  private AttachmentReport() {}

  static Report of(
      Attachment attachment,
      Desired<DesiredAttachment> desired,
      Optional<ObservedAttachment> observed) {
    return switch (desired) {
      case Desired.Present<DesiredAttachment>(DesiredAttachment asked) when observed.isPresent() ->
          grant(attachment, asked, observed.get());
      case Desired.Absent<DesiredAttachment> _ when observed.isPresent() ->
          release(attachment, observed.get());
      case Desired.Present<DesiredAttachment> _,
          Desired.Absent<DesiredAttachment> _,
          Desired.Blocked<DesiredAttachment> _ ->
          Report.of(
              attachment.observed(), Readiness.waiting("Blocked", "Waits for what it refers to."));
    };
  }

  private static Report grant(
      Attachment attachment, DesiredAttachment asked, ObservedAttachment observed) {
    List<CephClient> strangers = AttachmentPlan.strangers(asked, observed);
    if (!strangers.isEmpty()) {
      String message =
          "The volume is open at %s, where it may not be: end that, or fence the host."
              .formatted(addresses(strangers));
      return Report.of(
              atWork(attachment, asked, observed), Readiness.waiting("OpenElsewhere", message))
          .with(new Report.Aspect(GRANTED, false, "OpenElsewhere", message))
          .recheckAfter(WHILE_OPEN);
    }
    if (!AttachmentPlan.plan(new Desired.Present<>(asked), observed).isEmpty()) {
      return Report.of(
          unchanged(attachment, observed),
          Readiness.waiting("DeadLock", "A client that died still holds the volume's lock."));
    }
    List<String> hosts = attachment.getSpec().hosts();
    String message =
        "%s may write, at epoch %d."
            .formatted(String.join(" and ", hosts), attachment.getSpec().epoch());
    return Report.of(
            status(attachment, hosts, attachment.getSpec().epoch(), observed),
            new Readiness.Ready(message))
        .with(new Report.Aspect(GRANTED, true, GRANTED, message));
  }

  private static Report release(Attachment attachment, ObservedAttachment observed) {
    String message =
        "The volume is still open at %s: end that guest, or fence the host."
            .formatted(addresses(observed.live()));
    return Report.of(
            status(attachment, List.of(), null, observed), Readiness.waiting("StillOpen", message))
        .with(new Report.Aspect(GRANTED, false, "Revoked", "It is being deleted."))
        .recheckAfter(WHILE_OPEN);
  }

  /**
   * Beside a stranger a grant lasts only while a guest is seen at work with it: one that is started
   * again would be the second writer.
   */
  private static Attachment.Status atWork(
      Attachment attachment, DesiredAttachment asked, ObservedAttachment observed) {
    boolean seen =
        observed.live().stream()
            .map(client -> asked.hostOfAddress().getOrDefault(client.host(), ""))
            .anyMatch(attachment.observed().grantedHosts()::contains);
    return seen ? unchanged(attachment, observed) : status(attachment, List.of(), null, observed);
  }

  /** What was granted before and is still asked for: a guest may be at work there. */
  private static Attachment.Status unchanged(Attachment attachment, ObservedAttachment observed) {
    Attachment.Status before = attachment.observed();
    List<String> still =
        before.grantedHosts().stream().filter(attachment.getSpec().hosts()::contains).toList();
    return status(attachment, still, still.isEmpty() ? null : before.grantedEpoch(), observed);
  }

  private static Attachment.Status status(
      Attachment attachment,
      List<String> hosts,
      @Nullable Long epoch,
      ObservedAttachment observed) {
    Attachment.Status before = attachment.observed();
    return new Attachment.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        hosts,
        epoch,
        observed.live().stream().map(CephClient::address).sorted().toList());
  }

  private static String addresses(List<CephClient> clients) {
    return clients.stream().map(CephClient::address).sorted().collect(Collectors.joining(", "));
  }
}
