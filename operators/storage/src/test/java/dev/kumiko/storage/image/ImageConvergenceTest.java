package dev.kumiko.storage.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.ConvergenceHarness;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.storage.Examples;
import dev.kumiko.storage.PoolScenario;
import dev.kumiko.storage.ceph.CephPool;
import dev.kumiko.storage.work.Progress;
import dev.kumiko.storage.work.Works;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.Volume;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An image is imported whatever happens on the way. */
final class ImageConvergenceTest extends ConvergenceHarness<Image> {

  @Override
  protected Scenario<Image> scenario() {
    return new World(ImageConvergenceTest::fill);
  }

  @Test
  void hostileContentStallsTheImageAndLeavesNothing() {
    World world =
        new World((order, pool, _) -> {
          pool.create(order.target(), 1 << 20);
          throw new Rejection("ImageRefused", "it has a backing file");
        });
    world.cluster().create(world.resource());
    Kind<Image, DesiredImage, ObservedImage, ImageAction> kind = world.kind();
    for (int pass = 0; pass < 4; pass++) {
      new Loop<>(kind, world.cluster(), InstantSource.system(), (_, _, work) -> work.run())
          .reconcile(stored(world));
      world.neighbours();
    }
    assertThat(world.world()).isEqualTo(world.emptyWorld());
    assertThat(stored(world).observed().condition("Stalled"))
        .hasValueSatisfying(stalled -> assertThat(stalled.reason()).isEqualTo("ImageRefused"));
  }

  @Test
  void deletionWaitsForTheVolumesMadeFromItAndNamesThem() {
    World world = new World(ImageConvergenceTest::fill);
    world.cluster().create(Examples.clonedVolume("disk", "2Gi", "debian"));
    world.cluster().create(world.resource());
    Image image = stored(world);
    image.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    Loop.Outcome<Image> outcome =
        new Loop<>(world.kind(), world.cluster(), InstantSource.system(), (_, _, w) -> w.run())
            .reconcile(image);
    assertThat(outcome.released()).isFalse();
    assertThat(outcome.resource().observed().condition(Condition.READY).orElseThrow().message())
        .contains("Volume disk");
  }

  @Test
  void aVolumeOfAnotherTenantThatOnlyNamesItDoesNotHoldItsDeletion() {
    World world = new World(ImageConvergenceTest::fill);
    world.cluster().create(volumeOfAnotherTenant());
    world.cluster().create(world.resource());
    assertThat(holding(world)).isEmpty();
  }

  @Test
  void volumesOfAnotherTenantHoldItsDeletionOnceAndWithoutTheirNames() {
    World world = new World(ImageConvergenceTest::fill);
    for (String name : List.of("secret-project", "merger")) {
      Volume volume = volumeOfAnotherTenant();
      volume.getMetadata().setName(name);
      world.cluster().create(volume);
      volume = world.cluster().get(Volume.class, "green", name).orElseThrow();
      volume.setStatus(
          new Volume.Status(
              1L, List.of(), List.of(), List.of(), null, null, null, "1f", null, null));
      world.cluster().updateStatus(volume);
    }
    world.cluster().create(world.resource());
    assertThat(holding(world)).hasSize(1);
    assertThat(holding(world).toString())
        .contains("a Volume of another tenant")
        .doesNotContain("green", "secret-project", "merger");
  }

  private static List<Wait> holding(World world) {
    return switch (world.kind().desire(leaving(world))) {
      case Desired.Blocked<DesiredImage>(var waits) -> waits;
      case Desired.Present<DesiredImage> _, Desired.Absent<DesiredImage> _ -> List.of();
    };
  }

  private static Volume volumeOfAnotherTenant() {
    Volume volume = Examples.volume("theirs", "2Gi", new Volume.Source("debian", "blue", null));
    volume.getMetadata().setNamespace("green");
    return volume;
  }

  private static Image leaving(World world) {
    Image image = stored(world);
    image.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    return image;
  }

  private static Image stored(World world) {
    return world.cluster().get(Image.class, Examples.NAMESPACE, "debian").orElseThrow();
  }

  private static void fill(ImportOrder order, CephPool pool, Progress progress) {
    progress.at(10);
    pool.create(order.target(), 1 << 20);
    pool.putMeta(order.target(), order.owner().toMap());
    pool.putMeta(order.target(), Map.of(Importer.IMPORTED, order.checksum().hex()));
  }

  /** Imports run between two passes; a restart of the operator forgets them. */
  private static final class World extends PoolScenario<Image> {
    private final Importer importer;
    private Deque<Runnable> queue = new ArrayDeque<>();

    World(Importer importer) {
      this.importer = importer;
    }

    @Override
    public ImageKind kind() {
      Deque<Runnable> fresh = new ArrayDeque<>();
      queue = fresh;
      return new ImageKind(
          cluster(),
          _ -> ceph,
          new Works(fresh::add, InstantSource.system()),
          new Works(fresh::add, InstantSource.system()),
          importer);
    }

    @Override
    public Image resource() {
      return Examples.image("debian");
    }

    @Override
    public void neighbours() {
      while (!queue.isEmpty()) {
        queue.remove().run();
      }
    }

    @Override
    public Object emptyWorld() {
      return Map.of();
    }
  }
}
