package dev.kumiko.compute.migration;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Migration;
import java.util.List;
import java.util.Optional;

/** The moves that are under way: a few at a time are over sooner than many. */
final class Traffic {
  private static final int AT_A_HOST = 2;
  private final Cluster cluster;
  private final int limit;

  /**
   * @param limit moves at a time, in the whole cloud
   */
  Traffic(Cluster cluster, int limit) {
    this.cluster = cluster;
    this.limit = limit;
  }

  /** Why a guest cannot leave a host now. */
  Optional<Wait> objection(DesiredMigration desired, String source) {
    List<Migration> others = underWay();
    Optional<Migration> rival = others.stream().filter(m -> isOf(m, desired)).findFirst();
    if (rival.isPresent()) {
      String name = rival.get().getMetadata().getName();
      return Optional.of(
          new Wait(
              "Migration",
              name,
              "MigrationInProgress",
              "Migration " + name + " moves the same guest: this one follows when that is over"));
    }
    if (isBusy(source)) {
      return Optional.of(busy(source));
    }
    return others.size() < limit
        ? Optional.empty()
        : Optional.of(
            new Wait(
                "Migration",
                "any",
                "MigrationLimit",
                limit + " guests are being moved, which is as many as may be at a time"));
  }

  boolean isBusy(String host) {
    return underWay().stream().filter(m -> touches(m, host)).count() >= AT_A_HOST;
  }

  static Wait busy(String host) {
    return new Wait(
        "Host",
        host,
        "MigrationLimit",
        AT_A_HOST + " guests are being moved from or to host " + host + ": others wait for them");
  }

  /**
   * Of a guest that may go to any host.
   *
   * @param host one that could take it otherwise
   */
  static Wait allBusy(String host) {
    return new Wait(
        "Host",
        host,
        "MigrationLimit",
        AT_A_HOST
            + " guests are being moved from or to each host that can take the guest, such as host "
            + host
            + ", which is as many as may be at a time: it goes on by itself when one of those moves"
            + " is over");
  }

  /**
   * Lets a move begin, one at a time, so that the limits hold.
   *
   * @throws Conflict when it has to wait by now
   */
  synchronized void enter(DesiredMigration desired, Route route, Runnable write) {
    if (objection(desired, route.source()).isPresent() || isBusy(route.target())) {
      throw new Conflict("another move came first");
    }
    write.run();
  }

  private List<Migration> underWay() {
    return cluster.list(Migration.class).stream().filter(Traffic::isUnderWay).toList();
  }

  static boolean isUnderWay(Migration migration) {
    Migration.Phase phase = migration.observed().phase();
    return phase != null && phase.isUnderWay();
  }

  static boolean isWaiting(Migration migration) {
    Migration.Phase phase = migration.observed().phase();
    return phase == null || phase == Migration.Phase.Pending;
  }

  static boolean touches(Migration migration, String host) {
    Migration.Status status = migration.observed();
    return host.equals(status.source()) || host.equals(status.target());
  }

  private static boolean isOf(Migration migration, DesiredMigration desired) {
    return migration.getSpec().virtualMachine().equals(desired.name())
        && desired.namespace().equals(migration.getMetadata().getNamespace());
  }
}
