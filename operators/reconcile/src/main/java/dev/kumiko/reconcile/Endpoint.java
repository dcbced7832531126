package dev.kumiko.reconcile;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One outside endpoint and its protection: a bounded pool of platform threads (native calls pin
 * virtual ones), a deadline for each call, a circuit breaker. A broken endpoint costs its callers
 * nothing and other endpoints nothing.
 */
public final class Endpoint implements AutoCloseable {
  private static final int QUEUE = 256;
  private final String name;
  private final Duration deadline;
  private final ThreadPoolExecutor pool;
  private final CircuitBreaker breaker;

  /** When each call that goes on began, by System.nanoTime. */
  private final Map<Object, Long> begun = new ConcurrentHashMap<>();

  /**
   * @param name for example {@code libvirt/h1}
   * @param threads calls at the same time at most
   * @param deadline default for a call
   */
  public Endpoint(String name, int threads, Duration deadline) {
    this.name = name;
    this.deadline = deadline;
    AtomicInteger count = new AtomicInteger();
    this.pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            task -> {
              Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    this.breaker =
        CircuitBreaker.of(
            name,
            CircuitBreakerConfig.custom()
                .slidingWindow(6, 3, SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(60)
                .waitDurationInOpenState(Duration.ofSeconds(3))
                .permittedNumberOfCallsInHalfOpenState(1)
                .recordException(e -> e instanceof Unavailable)
                .build());
  }

  public String name() {
    return name;
  }

  /** Whether calls are let through; false while the breaker is open. */
  public boolean isClosed() {
    return breaker.getState() == CircuitBreaker.State.CLOSED;
  }

  public <T> T call(String what, Callable<T> work) {
    return call(what, deadline, work);
  }

  /**
   * Runs the call on the endpoint's pool.
   *
   * @throws Unavailable when the breaker is open, the queue is full, the deadline passes, or the
   *     work says so
   */
  public <T> T call(String what, Duration limit, Callable<T> work) {
    try {
      return breaker.executeSupplier(() -> submit(what, limit, work));
    } catch (CallNotPermittedException e) {
      throw new Unavailable(
          name, "not asked (" + what + "): it failed before and is tried again shortly");
    }
  }

  private <T> T submit(String what, Duration limit, Callable<T> work) {
    Future<T> future;
    try {
      future = pool.submit(() -> tracked(work));
    } catch (RejectedExecutionException e) {
      throw new Unavailable(name, "busy: no thread free for " + what, e);
    }
    try {
      return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new Unavailable(
          name, "no answer to " + what + " within " + limit.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new Unavailable(name, "interrupted during " + what, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new Unavailable(name, what + " failed: " + e.getCause(), e.getCause());
    }
  }

  private <T> T tracked(Callable<T> work) throws Exception {
    Object call = new Object();
    begun.put(call, System.nanoTime());
    try {
      return work.call();
    } finally {
      begun.remove(call);
    }
  }

  /** For how long the oldest call goes on by now, whether or not anybody waits for it still. */
  public Duration longestCall() {
    long now = System.nanoTime();
    return Duration.ofNanos(begun.values().stream().mapToLong(t -> now - t).max().orElse(0));
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
