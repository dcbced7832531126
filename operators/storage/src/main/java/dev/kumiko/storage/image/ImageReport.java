package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.storage.ceph.ImageFacts;
import dev.kumiko.storage.size.BinarySize;
import dev.kumiko.storage.work.Removals;
import dev.kumiko.storage.work.WorkState;
import dev.kumiko.v1alpha1.Image;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an Image's status says. */
final class ImageReport {
  private static final Duration WHILE_IMPORTING = Duration.ofSeconds(2);
  private static final Duration WHILE_CLONED = Duration.ofSeconds(10);

  private ImageReport() {}

  static Report of(Image image, Desired<DesiredImage> desired, Optional<ObservedImage> observed) {
    if (observed.isEmpty()) {
      return Report.of(
          image.observed(), Readiness.waiting("Blocked", "Waits for what it refers to."));
    }
    ObservedImage seen = observed.get();
    if (desired instanceof Desired.Absent<DesiredImage>) {
      return leaving(image, seen);
    }
    if (seen.isForeign()) {
      return Report.of(
          image.observed(),
          new Readiness.Stalled(
              "ForeignImage",
              "The pool has an RBD image of this image's name that is not ours: rename or remove %s."
                  .formatted(seen.image().orElseThrow().facts().name())));
    }
    return seen.image()
        .map(found -> ready(image, found.facts()))
        .orElseGet(() -> importing(image, seen.work()));
  }

  private static Report ready(Image image, ImageFacts facts) {
    Image.Status status =
        status(
            image,
            100,
            new BinarySize(facts.sizeBytes()).toString(),
            image.getSpec().pool() + "/" + facts.name(),
            facts.id());
    return Report.of(
        status,
        new Readiness.Ready(
            "Imported: %s in pool %s."
                .formatted(new BinarySize(facts.sizeBytes()), image.getSpec().pool())));
  }

  private static Report importing(Image image, WorkState work) {
    return switch (work) {
      case WorkState.Idle _, WorkState.Stopping _ ->
          Report.of(progress(image, 0), Readiness.waiting("Importing", "The import starts."))
              .recheckAfter(WHILE_IMPORTING);
      case WorkState.Running running ->
          Report.of(
                  progress(image, running.percent()),
                  Readiness.waiting(
                      "Importing",
                      "%s is being imported.".formatted(image.getSpec().source().url())))
              .recheckAfter(WHILE_IMPORTING);
      case WorkState.Failed failed ->
          Report.of(
                  progress(image, 0),
                  Readiness.waiting(
                      "ImportFailed",
                      "%s could not be imported and is tried again: %s"
                          .formatted(image.getSpec().source().url(), failed.message())))
              .recheckAfter(WHILE_IMPORTING);
      case WorkState.Refused refused ->
          Report.of(progress(image, 0), new Readiness.Stalled(refused.reason(), refused.message()));
    };
  }

  private static Report leaving(Image image, ObservedImage seen) {
    if (seen.clones().isEmpty()) {
      return Report.of(
              image.observed(), Readiness.waiting("Deleting", Removals.explain(seen.removal())))
          .recheckAfter(WHILE_IMPORTING);
    }
    return Report.of(
            image.observed(),
            Readiness.waiting(
                "InUse",
                "RBD images %s are clones of it: flatten or remove them."
                    .formatted(String.join(", ", seen.clones()))))
        .recheckAfter(WHILE_CLONED);
  }

  private static Image.Status progress(Image image, int percent) {
    return status(image, percent, null, null, null);
  }

  private static Image.Status status(
      Image image,
      int percent,
      @Nullable String size,
      @Nullable String rbdImage,
      @Nullable String imageId) {
    Image.Status before = image.observed();
    return new Image.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        percent,
        size,
        imageId == null ? null : image.getSpec().source().checksum(),
        rbdImage,
        imageId);
  }
}
