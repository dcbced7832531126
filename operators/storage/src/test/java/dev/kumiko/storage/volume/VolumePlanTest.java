package dev.kumiko.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.storage.Examples;
import dev.kumiko.storage.ceph.Belonging;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.storage.ceph.ImageFacts;
import dev.kumiko.storage.ceph.ImageSnapshot;
import dev.kumiko.storage.ceph.InMemoryCephPool;
import dev.kumiko.storage.volume.DesiredVolume.Source;
import dev.kumiko.storage.work.WorkState;
import dev.kumiko.v1alpha1.Volume.DeletionPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VolumePlanTest {
  private static final long GIB = 1L << 30;
  private static final String NAME = "volume-7";
  private static final Ownership OWNER = new Ownership("Volume", "blue", "data", "7");
  private static final CephClient GUEST = new CephClient("10.78.0.11:0/9", 9);
  private static final WorkState IDLE = new WorkState.Idle();
  private static final Source BLANK = new Source.Blank(10 * GIB);
  private static final Source CLONE =
      new Source.Clone(new ImageSnapshot("image-3", "base"), 5 * GIB, 20 * GIB);
  private static final Source SEED = new Source.Seed("blue", "web");

  @Test
  void aBlankVolumeIsMadeMarkedAndThenPublished() {
    assertThat(plan(present(BLANK), nothing()))
        .containsExactly(
            "create RBD image volume-7.new with 10Gi",
            "mark RBD image volume-7.new as Volume blue/data's",
            "rename RBD image volume-7.new to volume-7");
  }

  @Test
  void aCloneIsGrownBeforeItIsPublished() {
    assertThat(plan(present(CLONE), nothing()))
        .containsExactly(
            "clone RBD image image-3@base to volume-7.new",
            "grow RBD image volume-7.new to 20Gi",
            "mark RBD image volume-7.new as Volume blue/data's",
            "rename RBD image volume-7.new to volume-7");
  }

  @Test
  void aCloneAsLargeAsItsImageNeedsNoGrowing() {
    Source same = new Source.Clone(new ImageSnapshot("image-3", "base"), 5 * GIB, 5 * GIB);
    assertThat(plan(present(same), nothing()))
        .containsExactly(
            "clone RBD image image-3@base to volume-7.new",
            "mark RBD image volume-7.new as Volume blue/data's",
            "rename RBD image volume-7.new to volume-7");
  }

  @Test
  void aSeedIsBuiltFromItsSecretWithoutShowingIt() {
    assertThat(plan(present(SEED), nothing()))
        .containsExactly(
            "build RBD image volume-7.new from Secret blue/web",
            "mark RBD image volume-7.new as Volume blue/data's",
            "rename RBD image volume-7.new to volume-7");
  }

  @Test
  void whatACrashLeftIsRemovedBeforeStartingAgain() {
    assertThat(
            plan(present(BLANK), new ObservedVolume(Optional.empty(), Optional.of(facts(1)), IDLE)))
        .first()
        .isEqualTo("remove RBD image volume-7.new");
  }

  @Test
  void aSettledVolumeNeedsNothing() {
    assertThat(plan(present(BLANK), has(facts(10 * GIB), Belonging.OURS))).isEmpty();
  }

  @Test
  void growsButNeverShrinks() {
    assertThat(plan(present(BLANK), has(facts(9 * GIB), Belonging.OURS)))
        .containsExactly("grow RBD image volume-7 to 10Gi");
    assertThat(plan(present(BLANK), has(facts(11 * GIB), Belonging.OURS))).isEmpty();
  }

  @Test
  void aLostMarkerAndALostExclusiveLockComeBack() {
    ImageFacts bare =
        new ImageFacts(
            NAME,
            "id",
            10 * GIB,
            false,
            Optional.empty(),
            List.of(),
            Map.of(),
            List.of(),
            Optional.empty());
    assertThat(plan(present(BLANK), has(bare, Belonging.UNMARKED)))
        .containsExactly(
            "mark RBD image volume-7 as Volume blue/data's",
            "enable exclusive-lock on RBD image volume-7");
  }

  @Test
  void aForeignImageIsNeverTouched() {
    ObservedVolume foreign = has(facts(GIB), Belonging.FOREIGN);
    assertThat(plan(present(BLANK), foreign)).isEmpty();
    assertThat(plan(absent(DeletionPolicy.Delete), foreign)).isEmpty();
  }

  @Test
  void aVolumeThatIsLostIsNotReplacedByAnEmptyOne() {
    Desired<DesiredVolume> recorded =
        new Desired.Present<>(asked(BLANK, Optional.of("id-1"), DeletionPolicy.Delete));
    assertThat(plan(recorded, nothing())).isEmpty();
  }

  @Test
  void isRemovedOnlyWhenNobodyHasItOpen() {
    assertThat(plan(absent(DeletionPolicy.Delete), has(facts(GIB), Belonging.OURS)))
        .containsExactly("remove RBD image volume-7");
    assertThat(plan(absent(DeletionPolicy.Delete), has(facts(GIB, GUEST), Belonging.OURS)))
        .isEmpty();
  }

  @Test
  void aRemovalUnderWayIsNotStartedAgainUntilItFailed() {
    ObservedVolume.Found found = new ObservedVolume.Found(facts(GIB), Belonging.OURS);
    for (WorkState state :
        List.of(new WorkState.Running(0), new WorkState.Failed("no answer", false))) {
      ObservedVolume observed = new ObservedVolume(Optional.of(found), Optional.empty(), state);
      assertThat(plan(absent(DeletionPolicy.Delete), observed)).isEmpty();
    }
    ObservedVolume due =
        new ObservedVolume(
            Optional.of(found), Optional.empty(), new WorkState.Failed("no answer", true));
    assertThat(plan(absent(DeletionPolicy.Delete), due))
        .containsExactly("remove RBD image volume-7");
  }

  /** The process was killed in the middle of a removal. */
  @Test
  void whatAnInterruptedRemovalLeftIsRemoved() {
    InMemoryCephPool pool = new InMemoryCephPool();
    pool.create(NAME, GIB);
    pool.interrupt(NAME);
    ImageFacts left = pool.image(NAME).orElseThrow();
    Belonging belonging = Belonging.of(left, OWNER, Optional.of("id"));
    assertThat(plan(absent(DeletionPolicy.Delete), has(left, belonging)))
        .containsExactly("remove RBD image volume-7");
  }

  @Test
  void isRetainedWhenThePolicySaysSoButNotHalfMadeOnes() {
    ObservedVolume both =
        new ObservedVolume(
            Optional.of(new ObservedVolume.Found(facts(GIB), Belonging.OURS)),
            Optional.of(facts(2)),
            IDLE);
    assertThat(plan(absent(DeletionPolicy.Retain), both))
        .containsExactly("remove RBD image volume-7.new");
  }

  /**
   * From any state of the pool, applying the plan until it is empty leaves exactly what is asked.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void convergesFromRandomStates(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      RandomVolume world = new RandomVolume(random);
      Desired<DesiredVolume> desired =
          random.nextInt(4) == 0
              ? absent(DeletionPolicy.Delete)
              : present(List.of(BLANK, CLONE, SEED).get(random.nextInt(3)));
      for (int pass = 0; pass < 5; pass++) {
        for (VolumeAction action : VolumePlan.plan(desired, world.observed())) {
          if (random.nextInt(5) == 0) {
            break;
          }
          world.apply(action);
        }
      }
      List<VolumeAction> rest = VolumePlan.plan(desired, world.observed());
      while (!rest.isEmpty()) {
        rest.forEach(world::apply);
        rest = VolumePlan.plan(desired, world.observed());
      }
      assertThat(world.settled(desired)).as("seed %d round %d", seed, round).isTrue();
    }
  }

  /** A pool with at most the two images of one volume. */
  private static final class RandomVolume {
    private static final String PARTIAL = NAME + ".new";
    private Optional<Long> image;
    private Optional<Long> partial;
    private boolean marked;

    RandomVolume(Random random) {
      image = random.nextBoolean() ? Optional.of(random.nextLong(1, 30) * GIB) : Optional.empty();
      partial = random.nextBoolean() ? Optional.of(random.nextLong(1, 30) * GIB) : Optional.empty();
      marked = random.nextBoolean();
    }

    ObservedVolume observed() {
      return new ObservedVolume(
          image.map(size ->
              new ObservedVolume.Found(facts(size), marked ? Belonging.OURS : Belonging.UNMARKED)),
          partial.map(VolumePlanTest::facts),
          IDLE);
    }

    void apply(VolumeAction action) {
      switch (action) {
        case VolumeAction.Create(_, _, long size) -> partial = Optional.of(size);
        case VolumeAction.CloneImage _ -> partial = Optional.of(5 * GIB);
        case VolumeAction.BuildSeed _ -> partial = Optional.of(4096L);
        case VolumeAction.Grow(_, String name, long size) -> {
          if (name.equals(PARTIAL)) {
            partial = partial.map(before -> Math.max(before, size));
          } else {
            image = image.map(before -> Math.max(before, size));
          }
        }
        case VolumeAction.Mark(_, String name, _) -> marked |= name.equals(NAME) || image.isEmpty();
        case VolumeAction.Publish _ -> {
          if (partial.isPresent()) {
            image = partial;
            partial = Optional.empty();
          }
        }
        case VolumeAction.EnableExclusiveLock _ -> {}
        case VolumeAction.StartRemoval _ -> image = Optional.empty();
        case VolumeAction.Remove _ -> partial = Optional.empty();
      }
    }

    boolean settled(Desired<DesiredVolume> desired) {
      return switch (desired) {
        case Desired.Present<DesiredVolume>(DesiredVolume asked) ->
            partial.isEmpty() && marked && image.orElse(-1L) >= asked.sizeBytes();
        case Desired.Absent<DesiredVolume> _ -> partial.isEmpty() && image.isEmpty();
        case Desired.Blocked<DesiredVolume> _ -> false;
      };
    }
  }

  private static List<String> plan(Desired<DesiredVolume> desired, ObservedVolume observed) {
    return VolumePlan.plan(desired, observed).stream().map(Action::describe).toList();
  }

  private static Desired<DesiredVolume> present(Source source) {
    return new Desired.Present<>(asked(source, Optional.empty(), DeletionPolicy.Delete));
  }

  private static Desired<DesiredVolume> absent(DeletionPolicy policy) {
    return new Desired.Absent<>(asked(new Source.Blank(0), Optional.empty(), policy));
  }

  private static DesiredVolume asked(
      Source source, Optional<String> recordedId, DeletionPolicy policy) {
    return new DesiredVolume(
        Examples.POOL, Optional.of(Examples.pool()), NAME, OWNER, recordedId, source, policy);
  }

  private static ObservedVolume nothing() {
    return ObservedVolume.nothing();
  }

  private static ObservedVolume has(ImageFacts facts, Belonging belonging) {
    return new ObservedVolume(
        Optional.of(new ObservedVolume.Found(facts, belonging)), Optional.empty(), IDLE);
  }

  private static ImageFacts facts(long sizeBytes, CephClient... watchers) {
    return new ImageFacts(
        NAME,
        "id",
        sizeBytes,
        true,
        Optional.empty(),
        List.of(),
        OWNER.toMap(),
        List.of(watchers),
        Optional.empty());
  }
}
