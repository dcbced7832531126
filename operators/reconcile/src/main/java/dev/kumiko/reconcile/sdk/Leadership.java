package dev.kumiko.reconcile.sdk;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a Lease, so that of all processes with its name one works at a time. Whoever cannot renew
 * it in time stops before another one may start.
 */
public final class Leadership implements AutoCloseable {
  /** Shorter than any patience with a silent host. */
  private static final Duration LEASE = Duration.ofSeconds(15);

  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);
  private static final Duration WATCHDOG_PERIOD = Duration.ofMillis(500);
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  private final KubernetesClient client;
  private final TimedLock lock;
  private final Runnable won;
  private final Runnable lost;
  private final ExecutorService callers =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("lease-", 0).factory());
  private final ScheduledExecutorService watchdog =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("lease-watchdog").factory());
  private final List<Future<?>> running = new ArrayList<>();
  private volatile boolean leading;
  private volatile boolean closing;

  /**
   * @param identity of this process; a process that follows a dead one of the same identity takes
   *     over at once, so two living ones MUST NOT share it
   * @param won called once, on a thread of its own
   * @param lost called when the lease could not be kept; MUST end the process
   */
  public Leadership(
      KubernetesClient client, LeaseName name, String identity, Runnable won, Runnable lost) {
    this.client = client;
    this.lock = new TimedLock(new LeaseLock(name.namespace(), name.name(), identity), this::held);
    this.won = won;
    this.lost = lost;
  }

  /** Enters the election; returns at once. */
  public synchronized void start() {
    LeaderElectionConfig config =
        new LeaderElectionConfigBuilder()
            .withLock(lock)
            .withName(lock.describe())
            .withLeaseDuration(LEASE)
            .withRenewDeadline(RENEW_DEADLINE)
            .withRetryPeriod(RETRY_PERIOD)
            .withReleaseOnCancel(true)
            .withLeaderCallbacks(
                new LeaderCallbacks(
                    () -> {}, this::lost, leader -> log.info("The lease is with {}", leader)))
            .build();
    running.add(new LeaderElector(client, config, callers).start());
    running.add(
        watchdog.scheduleAtFixedRate(
            this::watch,
            WATCHDOG_PERIOD.toMillis(),
            WATCHDOG_PERIOD.toMillis(),
            TimeUnit.MILLISECONDS));
  }

  /** Whether the lease is ours now: won, and renewed within the time that renewing may take. */
  public boolean isLeader() {
    return leading && lock.sinceRenewed().compareTo(RENEW_DEADLINE) <= 0;
  }

  /** The elector tells of a lease that bears our name before it has renewed it; this is later. */
  private void held() {
    if (!leading && !closing) {
      leading = true;
      callers.execute(this::work);
    }
  }

  private void work() {
    try {
      won.run();
    } catch (RuntimeException e) {
      log.error("Cannot start to lead", e);
      lost();
    }
  }

  private void lost() {
    if (leading && !closing) {
      leading = false;
      lost.run();
    }
  }

  /** The elector itself looks at the clock between its calls only; one of them may hang. */
  private void watch() {
    if (leading && lock.sinceRenewed().compareTo(RENEW_DEADLINE) > 0) {
      log.error("The lease was not renewed for {} ms", lock.sinceRenewed().toMillis());
      lost();
    }
  }

  /** Gives the lease back, so that the next one need not wait. */
  @Override
  public synchronized void close() {
    closing = true;
    running.forEach(r -> r.cancel(true));
    watchdog.shutdownNow();
    callers.shutdownNow();
  }

  /** Which Lease. */
  public record LeaseName(String namespace, String name) {}
}
