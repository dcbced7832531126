package dev.kumiko.storage.pool;

import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.storage.ceph.MissingGrant;
import dev.kumiko.storage.ceph.PoolFacts;
import dev.kumiko.storage.size.BinarySize;
import dev.kumiko.v1alpha1.StoragePool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a StoragePool's status says. */
final class StoragePoolReport {
  private static final Duration RECHECK = Duration.ofSeconds(30);

  /** No event tells when a Secret appears: no operator may watch them all. */
  private static final Duration WITHOUT_EVENT = Duration.ofSeconds(5);

  /** Capacity and use are shown in steps, so that a pool in use is not written all the time. */
  private static final int STEPS = 64;

  private StoragePoolReport() {}

  static Report of(StoragePool pool, Optional<ObservedPool> observed, BinarySize provisioned) {
    if (observed.isEmpty()) {
      return Report.of(
              pool.observed(), Readiness.waiting("Blocked", "Waits for what it refers to."))
          .recheckAfter(WITHOUT_EVENT);
    }
    return switch (observed.get()) {
      case ObservedPool.Refused(String reason, String message) ->
          Report.of(pool.observed(), Readiness.waiting(reason, message)).recheckAfter(RECHECK);
      case ObservedPool.Reached(PoolFacts facts, List<MissingGrant> missing, var foreign) ->
          Report.of(status(pool, facts, provisioned, foreign), readiness(facts, missing))
              .recheckAfter(RECHECK);
    };
  }

  private static Readiness readiness(PoolFacts facts, List<MissingGrant> missing) {
    if (!missing.isEmpty()) {
      String purposes =
          missing.stream().map(MissingGrant::purpose).collect(Collectors.joining(", "));
      return Readiness.waiting(
          "PermissionMissing",
          "The key may not %s: %s".formatted(purposes, missing.getFirst().remedy()));
    }
    String warnings = facts.warnings().isEmpty() ? "" : " " + String.join("; ", facts.warnings());
    return new Readiness.Ready("Ceph is " + health(facts) + "." + warnings);
  }

  private static StoragePool.Status status(
      StoragePool pool, PoolFacts facts, BinarySize provisioned, Optional<Integer> foreign) {
    StoragePool.Status before = pool.observed();
    long step = Math.max(1L << 26, Long.highestOneBit(facts.capacityBytes()) / STEPS);
    return new StoragePool.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        stepped(facts.capacityBytes(), step),
        stepped(facts.usedBytes(), step),
        provisioned.rounded(),
        health(facts),
        facts.fsid(),
        foreign.orElse(before.foreignImages()));
  }

  private static String stepped(long bytes, long step) {
    return new BinarySize((bytes + step / 2) / step * step).toString();
  }

  private static String health(PoolFacts facts) {
    return switch (facts.health()) {
      case OK -> "HEALTH_OK";
      case WARN -> "HEALTH_WARN";
      case ERROR -> "HEALTH_ERR";
    };
  }
}
