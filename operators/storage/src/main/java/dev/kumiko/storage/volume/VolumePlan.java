package dev.kumiko.storage.volume;

import dev.kumiko.reconcile.Desired;
import dev.kumiko.storage.ceph.Belonging;
import dev.kumiko.storage.ceph.ImageFacts;
import dev.kumiko.storage.ceph.Pools;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.storage.volume.DesiredVolume.Source;
import dev.kumiko.storage.work.Removals;
import dev.kumiko.v1alpha1.Volume.DeletionPolicy;
import java.util.ArrayList;
import java.util.List;

/** What is missing between the ask and what the pool has. */
final class VolumePlan {
  private final DesiredVolume asked;
  private final ObservedVolume observed;
  private final String target;
  private final String partial;
  private final List<VolumeAction> actions = new ArrayList<>();

  private VolumePlan(DesiredVolume asked, ObservedVolume observed) {
    this.asked = asked;
    this.observed = observed;
    this.target = Pools.endpoint(asked.storagePool());
    this.partial = RbdNames.partial(asked.rbdName());
  }

  static List<VolumeAction> plan(Desired<DesiredVolume> desired, ObservedVolume observed) {
    return switch (desired) {
      case Desired.Present<DesiredVolume>(DesiredVolume asked) ->
          new VolumePlan(asked, observed).toBeThere();
      case Desired.Absent<DesiredVolume>(DesiredVolume asked) ->
          new VolumePlan(asked, observed).toBeGone();
      case Desired.Blocked<DesiredVolume> _ -> List.of();
    };
  }

  private List<VolumeAction> toBeThere() {
    if (observed.isForeign()) {
      return List.of();
    }
    if (observed.image().isPresent()) {
      repair(observed.image().get());
      removePartial();
    } else if (asked.recordedId().isEmpty()) {
      removePartial();
      make();
    }
    return actions;
  }

  private void make() {
    switch (asked.source()) {
      case Source.Blank(long sizeBytes) ->
          actions.add(new VolumeAction.Create(target, partial, sizeBytes));
      case Source.Clone(var base, long baseBytes, long sizeBytes) -> {
        actions.add(new VolumeAction.CloneImage(target, base, partial));
        if (sizeBytes > baseBytes) {
          actions.add(new VolumeAction.Grow(target, partial, sizeBytes));
        }
      }
      case Source.Seed(String namespace, String secretName) ->
          actions.add(new VolumeAction.BuildSeed(target, partial, namespace, secretName));
    }
    actions.add(new VolumeAction.Mark(target, partial, asked.owner()));
    actions.add(new VolumeAction.Publish(target, partial, asked.rbdName()));
  }

  private void repair(ObservedVolume.Found found) {
    ImageFacts facts = found.facts();
    if (found.belonging() == Belonging.UNMARKED) {
      actions.add(new VolumeAction.Mark(target, facts.name(), asked.owner()));
    }
    if (!facts.exclusiveLock()) {
      actions.add(new VolumeAction.EnableExclusiveLock(target, facts.name()));
    }
    if (facts.sizeBytes() < asked.sizeBytes()) {
      actions.add(new VolumeAction.Grow(target, facts.name(), asked.sizeBytes()));
    }
  }

  private List<VolumeAction> toBeGone() {
    removePartial();
    boolean removable =
        observed.image().isPresent()
            && !observed.isForeign()
            && observed.image().get().facts().watchers().isEmpty()
            && Removals.mayStart(observed.removal());
    if (removable && asked.deletionPolicy() == DeletionPolicy.Delete) {
      actions.add(new VolumeAction.StartRemoval(target, asked.rbdName()));
    }
    return actions;
  }

  private void removePartial() {
    if (observed.partial().isPresent()) {
      actions.add(new VolumeAction.Remove(target, partial));
    }
  }
}
