package dev.kumiko.storage.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.storage.Examples;
import dev.kumiko.storage.ceph.Belonging;
import dev.kumiko.storage.ceph.ImageFacts;
import dev.kumiko.storage.work.WorkState;
import dev.kumiko.v1alpha1.Image.Format;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImagePlanTest {
  private static final String NAME = "image-5";
  private static final String PARTIAL = "image-5.new";
  private static final Ownership OWNER = new Ownership("Image", "blue", "debian", "5");
  private static final Checksum CHECKSUM = Checksum.parse("sha256:" + "ab".repeat(32));
  private static final ImportOrder ORDER =
      new ImportOrder(
          "https://images.example.org/debian",
          CHECKSUM,
          Format.Qcow2,
          AllowedSources.of(List.of(), Certificates.PUBLIC),
          PARTIAL,
          OWNER);
  private static final String IMPORT =
      "import https://images.example.org/debian into RBD image image-5.new";
  private static final WorkState IDLE = new WorkState.Idle();

  @Test
  void anImageThatIsNotThereIsImported() {
    assertThat(plan(present(), seen(null, null, IDLE))).containsExactly(IMPORT);
  }

  @Test
  void whileItIsImportedNothingElseHappens() {
    assertThat(plan(present(), seen(null, partial(false), new WorkState.Running(30)))).isEmpty();
  }

  @Test
  void anImportThatACrashEndedStartsAnew() {
    assertThat(plan(present(), seen(null, partial(false), IDLE)))
        .containsExactly("remove RBD image image-5.new", IMPORT);
  }

  @Test
  void aCompleteImportIsMarkedFrozenAndPublished() {
    assertThat(plan(present(), seen(null, partial(true), IDLE)))
        .containsExactly(
            "mark RBD image image-5.new as Image blue/debian's",
            "make snapshot image-5.new@base",
            "rename RBD image image-5.new to image-5");
  }

  @Test
  void anImportThatMarkedItsImageIsNotMarkedAgain() {
    Map<String, String> marks = new java.util.HashMap<>(OWNER.toMap());
    marks.put(Importer.IMPORTED, CHECKSUM.hex());
    assertThat(plan(present(), seen(null, facts(PARTIAL, List.of(), marks), IDLE)))
        .containsExactly(
            "make snapshot image-5.new@base", "rename RBD image image-5.new to image-5");
  }

  @Test
  void aFailedImportIsTriedAgainWhenItIsDue() {
    assertThat(plan(present(), seen(null, partial(false), new WorkState.Failed("no", false))))
        .isEmpty();
    assertThat(plan(present(), seen(null, partial(false), new WorkState.Failed("no", true))))
        .containsExactly("remove RBD image image-5.new", IMPORT);
  }

  @Test
  void aRefusedImportLeavesNothingAndIsNotTriedAgain() {
    WorkState refused = new WorkState.Refused("ChecksumMismatch", "wrong");
    assertThat(plan(present(), seen(null, partial(false), refused)))
        .containsExactly("remove RBD image image-5.new");
    assertThat(plan(present(), seen(null, null, refused))).isEmpty();
  }

  @Test
  void aLostSnapshotAndALostMarkerComeBack() {
    ImageFacts bare = facts(NAME, List.of(), Map.of());
    ObservedImage observed =
        new ObservedImage(
            Optional.of(new ObservedImage.Found(bare, Belonging.UNMARKED)),
            Optional.empty(),
            List.of(),
            IDLE,
            IDLE);
    assertThat(plan(present(), observed))
        .containsExactly(
            "mark RBD image image-5 as Image blue/debian's", "make snapshot image-5@base");
  }

  @Test
  void aForeignImageIsNeverTouched() {
    ObservedImage foreign =
        new ObservedImage(
            Optional.of(
                new ObservedImage.Found(facts(NAME, List.of(), Map.of()), Belonging.FOREIGN)),
            Optional.empty(),
            List.of(),
            IDLE,
            IDLE);
    assertThat(plan(present(), foreign)).isEmpty();
    assertThat(plan(absent(), foreign)).isEmpty();
  }

  @Test
  void deletionStopsTheImportFirst() {
    assertThat(plan(absent(), seen(null, partial(false), new WorkState.Running(3))))
        .containsExactly("stop the import into RBD image image-5.new");
    assertThat(plan(absent(), seen(null, partial(false), new WorkState.Stopping()))).isEmpty();
    assertThat(plan(absent(), seen(null, partial(false), IDLE)))
        .containsExactly("remove RBD image image-5.new");
  }

  @Test
  void deletionWaitsForClones() {
    ObservedImage cloned =
        new ObservedImage(
            Optional.of(new ObservedImage.Found(complete(), Belonging.OURS)),
            Optional.empty(),
            List.of("volume-9"),
            IDLE,
            IDLE);
    assertThat(plan(absent(), cloned)).isEmpty();
    assertThat(plan(absent(), seen(complete(), null, IDLE)))
        .containsExactly("remove RBD image image-5");
  }

  /** From any state, plans applied with interruptions leave exactly what is asked. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void convergesFromRandomStates(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      RandomImage world = new RandomImage(random);
      Desired<DesiredImage> desired = random.nextInt(3) == 0 ? absent() : present();
      for (int pass = 0; pass < 40 && !world.settled(desired); pass++) {
        for (ImageAction action : ImagePlan.plan(desired, world.observed())) {
          if (pass < 5 && random.nextInt(5) == 0) {
            world.work = IDLE;
            break;
          }
          world.apply(action);
        }
        world.proceed();
      }
      assertThat(ImagePlan.plan(desired, world.observed())).isEmpty();
      assertThat(world.settled(desired)).as("seed %d round %d", seed, round).isTrue();
    }
  }

  /** A pool with at most the two images of one Image, and its import. */
  private static final class RandomImage {
    private Optional<ImageFacts> image;
    private Optional<ImageFacts> partial;
    private WorkState work = IDLE;

    RandomImage(Random random) {
      List<String> snapshots = random.nextBoolean() ? List.of("base") : List.of();
      image =
          random.nextBoolean()
              ? Optional.of(facts(NAME, snapshots, random.nextBoolean() ? OWNER.toMap() : Map.of()))
              : Optional.empty();
      partial =
          random.nextBoolean() ? Optional.of(partial(random.nextBoolean())) : Optional.empty();
      if (random.nextInt(3) == 0) {
        work = new WorkState.Running(10);
      }
    }

    ObservedImage observed() {
      return new ObservedImage(
          image.map(facts ->
              new ObservedImage.Found(facts, Belonging.of(facts, OWNER, Optional.of(facts.id())))),
          partial,
          List.of(),
          work,
          IDLE);
    }

    void proceed() {
      if (work instanceof WorkState.Running) {
        partial = Optional.of(partial(true));
      }
      work = IDLE;
    }

    void apply(ImageAction action) {
      switch (action) {
        case ImageAction.StartImport _ -> work = new WorkState.Running(0);
        case ImageAction.StopImport _ -> work = new WorkState.Stopping();
        case ImageAction.Mark(_, String name, Ownership owner) ->
            change(name, facts -> facts(name, facts.snapshots(), merged(facts, owner)));
        case ImageAction.Snapshot(_, var snapshot) ->
            change(
                snapshot.image(),
                facts -> facts(snapshot.image(), List.of(snapshot.snapshot()), facts.meta()));
        case ImageAction.Publish _ -> {
          image = partial.map(facts -> facts(NAME, facts.snapshots(), facts.meta()));
          partial = Optional.empty();
        }
        case ImageAction.StartRemoval _ -> image = Optional.empty();
        case ImageAction.Remove _ -> partial = Optional.empty();
      }
    }

    private void change(String name, java.util.function.UnaryOperator<ImageFacts> change) {
      if (name.equals(NAME)) {
        image = image.map(change);
      } else {
        partial = partial.map(change);
      }
    }

    private static Map<String, String> merged(ImageFacts facts, Ownership owner) {
      Map<String, String> meta = new java.util.HashMap<>(facts.meta());
      meta.putAll(owner.toMap());
      return meta;
    }

    boolean settled(Desired<DesiredImage> desired) {
      return switch (desired) {
        case Desired.Present<DesiredImage> _ ->
            partial.isEmpty()
                && image.map(facts -> facts.snapshots().contains("base")).orElse(false)
                && Ownership.fromMap(image.orElseThrow().meta()).isPresent();
        case Desired.Absent<DesiredImage> _ ->
            partial.isEmpty() && image.isEmpty() && work.equals(IDLE);
        case Desired.Blocked<DesiredImage> _ -> false;
      };
    }
  }

  private static List<String> plan(Desired<DesiredImage> desired, ObservedImage observed) {
    return ImagePlan.plan(desired, observed).stream().map(Action::describe).toList();
  }

  private static Desired<DesiredImage> present() {
    return new Desired.Present<>(asked(Optional.of(ORDER)));
  }

  private static Desired<DesiredImage> absent() {
    return new Desired.Absent<>(asked(Optional.empty()));
  }

  private static DesiredImage asked(Optional<ImportOrder> order) {
    return new DesiredImage(
        Examples.POOL, Optional.of(Examples.pool()), NAME, OWNER, Optional.empty(), order);
  }

  private static ObservedImage seen(
      @org.jspecify.annotations.Nullable ImageFacts image,
      @org.jspecify.annotations.Nullable ImageFacts partial,
      WorkState work) {
    return new ObservedImage(
        Optional.ofNullable(image).map(f -> new ObservedImage.Found(f, Belonging.OURS)),
        Optional.ofNullable(partial),
        List.of(),
        work,
        IDLE);
  }

  private static ImageFacts complete() {
    return facts(NAME, List.of("base"), OWNER.toMap());
  }

  private static ImageFacts partial(boolean imported) {
    return facts(
        PARTIAL,
        List.of(),
        imported ? Map.of(Importer.IMPORTED, CHECKSUM.hex()) : Map.of("x", "y"));
  }

  private static ImageFacts facts(String name, List<String> snapshots, Map<String, String> meta) {
    return new ImageFacts(
        name, "id", 1 << 30, true, Optional.empty(), snapshots, meta, List.of(), Optional.empty());
  }
}
