package dev.kumiko.reconcile;

import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A kind as small as can be, for tests of the loop: a Volume is a box of some size on a shelf. */
final class Shelf implements Kind<Volume, Shelf.Box, Optional<String>, Shelf.Work> {
  record Box(String name, String size) {}

  sealed interface Work extends Action {
    record Put(String box) implements Work {}

    record Label(String box, String size) implements Work {
      @Override
      public String target() {
        return "labels";
      }
    }

    record Remove(String box) implements Work {}

    @Override
    default String target() {
      return "shelf/one";
    }

    @Override
    default String describe() {
      return toString();
    }
  }

  /** Boxes with their labels; the label is empty on a new box. */
  final Map<String, String> boxes;

  boolean broken;

  /** What putting a box fails with. */
  Optional<RuntimeException> curse = Optional.empty();

  Shelf(Map<String, String> boxes) {
    this.boxes = boxes;
  }

  @Override
  public Class<Volume> type() {
    return Volume.class;
  }

  @Override
  public Desired<Box> desire(Volume volume) {
    Box box = new Box(volume.getMetadata().getName(), String.valueOf(volume.getSpec().size()));
    if (volume.getMetadata().getDeletionTimestamp() != null) {
      return new Desired.Absent<>(box);
    }
    return box.name().startsWith("blocked")
        ? Desired.blockedOn(Wait.missing("StoragePool", volume.getSpec().pool()))
        : new Desired.Present<>(box);
  }

  @Override
  public Optional<String> observe(Volume volume, Box asked) {
    check();
    return Optional.ofNullable(boxes.get(asked.name()));
  }

  @Override
  public List<Work> plan(Desired<Box> desired, Optional<String> observed) {
    List<Work> plan = new ArrayList<>();
    switch (desired) {
      case Desired.Present<Box>(Box box) -> {
        if (observed.isEmpty()) {
          plan.add(new Work.Put(box.name()));
        }
        if (!observed.equals(Optional.of(box.size()))) {
          plan.add(new Work.Label(box.name(), box.size()));
        }
      }
      case Desired.Absent<Box>(Box box) ->
          observed.ifPresent(_ -> plan.add(new Work.Remove(box.name())));
      case Desired.Blocked<Box> _ -> throw new IllegalStateException("never planned");
    }
    return plan;
  }

  @Override
  public void apply(Pass<Volume> pass, Work action) {
    check();
    switch (action) {
      case Work.Put(String box) -> {
        curse.ifPresent(e -> {
          throw e;
        });
        boxes.putIfAbsent(box, "");
      }
      case Work.Label(String box, String size) -> boxes.put(box, size);
      case Work.Remove(String box) -> boxes.remove(box);
    }
  }

  @Override
  public Report report(Volume volume, Desired<Box> desired, Optional<Optional<String>> observed) {
    return Report.of(Volume.Status.empty(), new Readiness.Ready("It is on the shelf."))
        .with(new Report.Aspect("Shelved", true, "Shelved", "It is on the shelf."));
  }

  private void check() {
    if (broken) {
      throw new Unavailable("shelf/one", "it fell over");
    }
  }

  static Volume volume(String name) {
    Volume volume = new Volume();
    volume.setMetadata(new ObjectMetaBuilder().withNamespace("acme").withName(name).build());
    volume.setSpec(new Volume.Spec("fast", "1Gi", null, Volume.DeletionPolicy.Delete));
    return volume;
  }

  /** One volume and its shelf. */
  static final class World implements Scenario<Volume> {
    private final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
    private final Shelf shelf = new Shelf(new TreeMap<>());

    @Override
    public InMemoryCluster cluster() {
      return cluster;
    }

    @Override
    public Kind<Volume, ?, ?, ?> kind() {
      return shelf;
    }

    @Override
    public Volume resource() {
      return volume("disk");
    }

    @Override
    public List<String> endpoints() {
      return List.of("shelf/one");
    }

    @Override
    public void fail(String endpoint) {
      shelf.broken = true;
    }

    @Override
    public void heal(String endpoint) {
      shelf.broken = false;
    }

    @Override
    public Object world() {
      return Map.copyOf(shelf.boxes);
    }

    @Override
    public Object emptyWorld() {
      return Map.of();
    }
  }
}
