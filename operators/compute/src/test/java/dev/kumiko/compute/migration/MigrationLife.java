package dev.kumiko.compute.migration;

import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Migration;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Migrations in a world, pass by pass. */
final class MigrationLife {
  final MigrationWorld world;
  final List<String> done = new ArrayList<>();
  private MigrationKind kind;

  MigrationLife(MigrationWorld world) {
    this.world = world;
    this.kind = world.migrations();
  }

  /** The operator ends, and another one goes on. */
  void restart() {
    kind = world.migrations();
  }

  Migration create(String name, Migration.Spec spec) {
    Migration migration = MigrationWorld.migration(name, spec);
    world.cluster().create(migration);
    return migration;
  }

  Optional<Migration> latest(String name) {
    return world.cluster().get(Migration.class, MigrationWorld.TENANT, name);
  }

  Migration.Status status(String name) {
    return latest(name).orElseThrow().observed();
  }

  /** Reason of its condition Ready. */
  String reason(String name) {
    return status(name).condition(Condition.READY).map(Condition::reason).orElse("");
  }

  String message(String name) {
    return status(name).condition(Condition.READY).map(Condition::message).orElse("");
  }

  void delete(String name) {
    latest(name).ifPresent(world.cluster()::delete);
  }

  /** Who is asked for a pass when this Migration changes. */
  List<ObjectKey> wokenBy(String name) {
    return kind.watches().stream()
        .filter(watch -> watch.type() == Migration.class)
        .flatMap(watch -> wokenBy(watch, name))
        .toList();
  }

  private <T extends HasMetadata> Stream<ObjectKey> wokenBy(Watch<T> watch, String name) {
    return watch.affects().apply(watch.type().cast(latest(name).orElseThrow())).stream();
  }

  /** A pass for each Migration, then everybody else. */
  void pass() {
    for (Migration migration : world.cluster().list(Migration.class)) {
      world.cluster().addFinalizer(migration);
      latest(migration.getMetadata().getName()).ifPresent(this::pass);
    }
    world.neighbours();
  }

  void passes(int count) {
    for (int i = 0; i < count; i++) {
      pass();
    }
  }

  private void pass(Migration migration) {
    try {
      Loop.Outcome<Migration> outcome =
          new Loop<>(
                  kind,
                  world.cluster(),
                  world.around.clock(),
                  (resource, action, work) -> {
                    work.run();
                    done.add(action.describe());
                  })
              .reconcile(migration);
      if (outcome.released()) {
        world.cluster().removeFinalizer(outcome.resource());
      }
    } catch (Conflict e) {
      done.add("conflict: " + e.getMessage());
    }
  }
}
