package dev.kumiko.storage.volume;

import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.storage.ceph.ImageFacts;
import dev.kumiko.storage.ceph.ImageSnapshot;
import dev.kumiko.storage.size.BinarySize;
import dev.kumiko.storage.work.Removals;
import dev.kumiko.v1alpha1.Volume;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a Volume's status says. */
final class VolumeReport {
  private static final Duration WHILE_OPEN = Duration.ofSeconds(1);
  private static final Duration WITHOUT_EVENT = Duration.ofSeconds(5);

  private VolumeReport() {}

  static Report of(
      Volume volume,
      Desired<DesiredVolume> desired,
      Optional<ObservedVolume> observed,
      Optional<String> attachedTo) {
    if (observed.isEmpty()) {
      return blocked(attached(volume.observed(), attachedTo.orElse(null)), desired);
    }
    Optional<ImageFacts> ours =
        observed
            .get()
            .image()
            .filter(_ -> !observed.get().isForeign())
            .map(ObservedVolume.Found::facts)
            .filter(facts -> !facts.isRemnant());
    Volume.Status status =
        ours.map(facts -> seen(volume, facts, attachedTo.orElse(null)))
            .orElseGet(() -> attached(volume.observed(), attachedTo.orElse(null)));
    if (desired instanceof Desired.Absent<DesiredVolume>) {
      return leaving(status, ours, observed.get());
    }
    return Report.of(status, readiness(volume, observed.get(), ours));
  }

  private static Report blocked(Volume.Status status, Desired<DesiredVolume> desired) {
    Report report = Report.of(status, Readiness.waiting("Blocked", "Waits for what it refers to."));
    boolean withoutEvent =
        desired instanceof Desired.Blocked<DesiredVolume>(var waits)
            && waits.stream().anyMatch(VolumeReport::endsWithoutEvent);
    return withoutEvent ? report.recheckAfter(WITHOUT_EVENT) : report;
  }

  /** No operator may watch all Secrets, and room comes from whatever volume goes next. */
  private static boolean endsWithoutEvent(Wait wait) {
    return wait.kind().equals("Secret") || wait.reason().equals("PoolOvercommitted");
  }

  private static Readiness readiness(
      Volume volume, ObservedVolume observed, Optional<ImageFacts> ours) {
    if (observed.isForeign()) {
      return new Readiness.Stalled(
          "ForeignImage",
          "The pool has an RBD image of this volume's name that is not ours: rename or remove %s."
              .formatted(observed.image().orElseThrow().facts().name()));
    }
    if (ours.isEmpty() && volume.observed().imageId() != null) {
      return new Readiness.Stalled(
          "ImageLost",
          "RBD image %s is gone, and its content with it: restore it under that name, or delete this Volume."
              .formatted(volume.observed().image()));
    }
    if (ours.isEmpty()) {
      return Readiness.waiting("Creating", "The RBD image is being made.");
    }
    return new Readiness.Ready(
        "RBD image of %s in pool %s."
            .formatted(new BinarySize(ours.get().sizeBytes()), volume.getSpec().pool()));
  }

  private static Report leaving(
      Volume.Status status, Optional<ImageFacts> ours, ObservedVolume seen) {
    String clients =
        ours.stream()
            .flatMap(facts -> facts.watchers().stream())
            .map(CephClient::address)
            .collect(Collectors.joining(", "));
    if (clients.isEmpty()) {
      return Report.of(status, Readiness.waiting("Deleting", Removals.explain(seen.removal())))
          .recheckAfter(WHILE_OPEN);
    }
    return Report.of(
            status,
            Readiness.waiting(
                "StillOpen", "The RBD image is still open at " + clients + ": close it there."))
        .recheckAfter(WHILE_OPEN);
  }

  private static Volume.Status seen(Volume volume, ImageFacts facts, @Nullable String attachedTo) {
    Volume.Status before = volume.observed();
    return new Volume.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        new BinarySize(facts.sizeBytes()).toString(),
        facts.sizeBytes(),
        volume.getSpec().pool() + "/" + facts.name(),
        facts.id(),
        facts.parent().map(ImageSnapshot::toString).orElse(null),
        attachedTo);
  }

  private static Volume.Status attached(Volume.Status before, @Nullable String attachedTo) {
    return new Volume.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        before.size(),
        before.sizeBytes(),
        before.image(),
        before.imageId(),
        before.parent(),
        attachedTo);
  }
}
