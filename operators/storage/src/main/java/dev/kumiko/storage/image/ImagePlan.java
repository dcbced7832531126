package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Desired;
import dev.kumiko.storage.ceph.Belonging;
import dev.kumiko.storage.ceph.ImageSnapshot;
import dev.kumiko.storage.ceph.Pools;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.storage.work.Removals;
import dev.kumiko.storage.work.WorkState;
import java.util.ArrayList;
import java.util.List;

/** What is missing between the ask and what the pool has. */
final class ImagePlan {
  private final DesiredImage asked;
  private final ObservedImage observed;
  private final String target;
  private final String partial;
  private final List<ImageAction> actions = new ArrayList<>();

  private ImagePlan(DesiredImage asked, ObservedImage observed) {
    this.asked = asked;
    this.observed = observed;
    this.target = Pools.endpoint(asked.storagePool());
    this.partial = RbdNames.partial(asked.rbdName());
  }

  static List<ImageAction> plan(Desired<DesiredImage> desired, ObservedImage observed) {
    return switch (desired) {
      case Desired.Present<DesiredImage>(DesiredImage asked) ->
          new ImagePlan(asked, observed).toBeThere();
      case Desired.Absent<DesiredImage>(DesiredImage asked) ->
          new ImagePlan(asked, observed).toBeGone();
      case Desired.Blocked<DesiredImage> _ -> List.of();
    };
  }

  private List<ImageAction> toBeThere() {
    if (observed.isForeign()) {
      return List.of();
    }
    if (observed.image().isPresent()) {
      repair(observed.image().get());
      removePartial();
    } else {
      asked.order().ifPresent(this::make);
    }
    return actions;
  }

  private void make(ImportOrder order) {
    if (observed.hasImported(order)) {
      if (!observed.isPartialMarked(asked.owner())) {
        actions.add(new ImageAction.Mark(target, partial, asked.owner()));
      }
      actions.addAll(completion());
      return;
    }
    boolean start =
        switch (observed.work()) {
          case WorkState.Idle _ -> true;
          case WorkState.Running _, WorkState.Stopping _, WorkState.Refused _ -> false;
          case WorkState.Failed failed -> failed.due();
        };
    if (start) {
      removePartial();
      actions.add(new ImageAction.StartImport(target, order));
    } else if (observed.work() instanceof WorkState.Refused) {
      removePartial();
    }
  }

  /** What follows the import. */
  static List<ImageAction> outlook(Desired<DesiredImage> desired, ObservedImage observed) {
    return desired instanceof Desired.Present<DesiredImage>(DesiredImage asked)
            && plan(desired, observed).stream().anyMatch(ImageAction.StartImport.class::isInstance)
        ? new ImagePlan(asked, observed).completion()
        : List.of();
  }

  private List<ImageAction> completion() {
    return List.of(
        new ImageAction.Snapshot(target, base(partial)),
        new ImageAction.Publish(target, partial, asked.rbdName()));
  }

  private void repair(ObservedImage.Found found) {
    String name = found.facts().name();
    if (found.belonging() == Belonging.UNMARKED) {
      actions.add(new ImageAction.Mark(target, name, asked.owner()));
    }
    if (!found.facts().snapshots().contains(RbdNames.BASE)) {
      actions.add(new ImageAction.Snapshot(target, base(name)));
    }
  }

  private List<ImageAction> toBeGone() {
    switch (observed.work()) {
      case WorkState.Stopping _ -> {
        return actions;
      }
      case WorkState.Running _ -> {
        actions.add(new ImageAction.StopImport(target, partial));
        return actions;
      }
      case WorkState.Failed _, WorkState.Refused _ ->
          actions.add(new ImageAction.StopImport(target, partial));
      case WorkState.Idle _ -> {}
    }
    removePartial();
    boolean ours = observed.image().isPresent() && !observed.isForeign();
    if (ours && observed.clones().isEmpty() && Removals.mayStart(observed.removal())) {
      actions.add(new ImageAction.StartRemoval(target, asked.rbdName()));
    }
    return actions;
  }

  private void removePartial() {
    if (observed.partial().isPresent()) {
      actions.add(new ImageAction.Remove(target, partial));
    }
  }

  private static ImageSnapshot base(String name) {
    return new ImageSnapshot(name, RbdNames.BASE);
  }
}
