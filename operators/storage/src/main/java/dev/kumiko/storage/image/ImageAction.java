package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.storage.ceph.ImageSnapshot;

/** Everything that can be done to a golden image; {@code name} is an RBD image. */
sealed interface ImageAction extends Action {

  /** Starts the import; later observations see its progress. */
  record StartImport(String target, ImportOrder order) implements ImageAction {
    @Override
    public String describe() {
      return "import %s into RBD image %s".formatted(order.url(), order.target());
    }
  }

  record StopImport(String target, String name) implements ImageAction {
    @Override
    public String describe() {
      return "stop the import into RBD image " + name;
    }
  }

  record Mark(String target, String name, Ownership owner) implements ImageAction {
    @Override
    public String describe() {
      return "mark RBD image %s as %s %s's".formatted(name, owner.kind(), owner.key());
    }
  }

  record Snapshot(String target, ImageSnapshot snapshot) implements ImageAction {
    @Override
    public String describe() {
      return "make snapshot " + snapshot;
    }
  }

  record Publish(String target, String from, String name) implements ImageAction {
    @Override
    public String describe() {
      return "rename RBD image %s to %s".formatted(from, name);
    }
  }

  /** Starts the removal of what is complete; it is over when it is no longer observed. */
  record StartRemoval(String target, String name) implements ImageAction {
    @Override
    public String describe() {
      return "remove RBD image " + name;
    }
  }

  /** Removes what is not complete, before anything else is done. */
  record Remove(String target, String name) implements ImageAction {
    @Override
    public String describe() {
      return "remove RBD image " + name;
    }
  }
}
