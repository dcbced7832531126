package dev.kumiko.storage.volume;

import dev.kumiko.reconcile.ConvergenceHarness;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.storage.Examples;
import dev.kumiko.storage.PoolScenario;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.storage.work.Works;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.Volume;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** Every way to make a volume converges. */
final class VolumeConvergenceTest {

  @Nested
  final class OfABlankVolume extends ConvergenceHarness<Volume> {
    @Override
    protected Scenario<Volume> scenario() {
      return new World(Examples.blankVolume("data", "10Gi"));
    }
  }

  @Nested
  final class OfAClone extends ConvergenceHarness<Volume> {
    @Override
    protected Scenario<Volume> scenario() {
      return new World(Examples.clonedVolume("disk", "2Gi", "debian"));
    }
  }

  @Nested
  final class OfASeed extends ConvergenceHarness<Volume> {
    @Override
    protected Scenario<Volume> scenario() {
      return new World(Examples.seedVolume("seed", "web"));
    }
  }

  /** A pool with a golden image and a Secret for a seed. */
  private static final class World extends PoolScenario<Volume> {
    private final Volume volume;
    private final Object before;
    private Deque<Runnable> queue = new ArrayDeque<>();

    World(Volume volume) {
      this.volume = volume;
      Image debian = Examples.addReadyImage(cluster(), Examples.image("debian"), "1Gi");
      String golden = RbdNames.image(debian.getMetadata().getUid());
      ceph.create(golden, 1L << 30);
      ceph.snapshot(golden, RbdNames.BASE);
      cluster()
          .create(
              Examples.secret(
                  "web", Map.of("user-data", "#cloud-config\n", "meta-data", "instance-id: 1\n")));
      before = world();
    }

    @Override
    public Kind<Volume, ?, ?, ?> kind() {
      Deque<Runnable> fresh = new ArrayDeque<>();
      queue = fresh;
      return new VolumeKind(cluster(), _ -> ceph, new Works(fresh::add, InstantSource.system()));
    }

    /** Removals run between two passes; a restart of the operator forgets them. */
    @Override
    public void neighbours() {
      while (!queue.isEmpty()) {
        queue.remove().run();
      }
    }

    @Override
    public Volume resource() {
      return volume;
    }

    @Override
    public Object emptyWorld() {
      return before;
    }
  }
}
