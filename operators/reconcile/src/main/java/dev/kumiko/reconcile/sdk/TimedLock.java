package dev.kumiko.reconcile.sdk;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A lock that trusts no other machine's clock: another's lease counts as renewed when a change of
 * it was seen here (as client-go does it), and our own from before the renewing call went out.
 */
final class TimedLock implements Lock {
  private final Lock lock;
  private final Runnable held;
  private @Nullable ZonedDateTime renewTime;
  private ZonedDateTime seen = ZonedDateTime.now(ZoneOffset.UTC);
  private volatile long renewedNanos = System.nanoTime();

  /**
   * @param held called after each call that took or renewed the lease
   */
  TimedLock(Lock lock, Runnable held) {
    this.lock = lock;
    this.held = held;
  }

  private void write(LeaderElectionRecord record, Runnable call) {
    long start = System.nanoTime();
    call.run();
    if (identity().equals(record.getHolderIdentity())) {
      renewedNanos = start;
      held.run();
    }
  }

  Duration sinceRenewed() {
    return Duration.ofNanos(System.nanoTime() - renewedNanos);
  }

  @Override
  public synchronized @Nullable LeaderElectionRecord get(KubernetesClient client) {
    LeaderElectionRecord record = lock.get(client);
    if (record == null || identity().equals(record.getHolderIdentity())) {
      return record;
    }
    if (!record.getRenewTime().equals(renewTime)) {
      renewTime = record.getRenewTime();
      seen = ZonedDateTime.now(ZoneOffset.UTC);
    }
    return record.toBuilder().renewTime(seen).build();
  }

  @Override
  public void create(KubernetesClient client, LeaderElectionRecord record) {
    write(record, () -> lock.create(client, record));
  }

  @Override
  public void update(KubernetesClient client, LeaderElectionRecord record) {
    write(record, () -> lock.update(client, record));
  }

  @Override
  public String identity() {
    return lock.identity();
  }

  @Override
  public String describe() {
    return lock.describe();
  }
}
