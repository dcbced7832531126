package dev.kumiko.storage.volume;

import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.storage.ceph.ImageSnapshot;
import dev.kumiko.storage.size.BinarySize;

/** Everything that can be done to a volume; {@code name} is an RBD image. */
sealed interface VolumeAction extends Action {

  record Create(String target, String name, long sizeBytes) implements VolumeAction {
    @Override
    public String describe() {
      return "create RBD image %s with %s".formatted(name, new BinarySize(sizeBytes));
    }
  }

  record CloneImage(String target, ImageSnapshot base, String name) implements VolumeAction {
    @Override
    public String describe() {
      return "clone RBD image %s to %s".formatted(base, name);
    }
  }

  record BuildSeed(String target, String name, String namespace, String secretName)
      implements VolumeAction {
    @Override
    public String describe() {
      return "build RBD image %s from Secret %s/%s".formatted(name, namespace, secretName);
    }
  }

  record Grow(String target, String name, long sizeBytes) implements VolumeAction {
    @Override
    public String describe() {
      return "grow RBD image %s to %s".formatted(name, new BinarySize(sizeBytes));
    }
  }

  record Mark(String target, String name, Ownership owner) implements VolumeAction {
    @Override
    public String describe() {
      return "mark RBD image %s as %s %s's".formatted(name, owner.kind(), owner.key());
    }
  }

  record Publish(String target, String from, String name) implements VolumeAction {
    @Override
    public String describe() {
      return "rename RBD image %s to %s".formatted(from, name);
    }
  }

  record EnableExclusiveLock(String target, String name) implements VolumeAction {
    @Override
    public String describe() {
      return "enable exclusive-lock on RBD image " + name;
    }
  }

  /** Starts the removal of what is complete; it is over when it is no longer observed. */
  record StartRemoval(String target, String name) implements VolumeAction {
    @Override
    public String describe() {
      return "remove RBD image " + name;
    }
  }

  /** Removes what is not complete, before anything else is done. */
  record Remove(String target, String name) implements VolumeAction {
    @Override
    public String describe() {
      return "remove RBD image " + name;
    }
  }
}
