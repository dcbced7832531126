package dev.kumiko.storage.work;

import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Wake;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work under way in this process, one piece per key; a restart forgets all of it. */
public final class Works {
  private static final Logger log = LoggerFactory.getLogger(Works.class);
  private static final Duration FIRST_DELAY = Duration.ofSeconds(2);
  private static final int DOUBLINGS = 8;

  private final Map<String, Job> jobs = new ConcurrentHashMap<>();
  private final Executor executor;
  private final InstantSource clock;
  private volatile Wake wake = _ -> {};

  public Works(Executor executor, InstantSource clock) {
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * Work on threads of its own.
   *
   * @param parallel pieces at the same time at most; the others wait
   */
  public static Works onThreads(String name, int parallel, InstantSource clock) {
    return new Works(
        Executors.newFixedThreadPool(
            parallel, Thread.ofPlatform().daemon().name(name + "-", 1).factory()),
        clock);
  }

  /** Asks for a pass whenever work ends, well or not. */
  public void listen(Wake whenEnded) {
    wake = whenEnded;
  }

  /**
   * Starts, unless it is under way.
   *
   * @param about the resource that waits for it
   * @param subject what it works on, compared by equals; how it ended says nothing about another
   */
  public void start(String key, ObjectKey about, Object subject, Work work) {
    Job job =
        jobs.compute(
            key,
            (_, before) -> {
              if (before != null && before.isUnderWay()) {
                return before;
              }
              boolean again = before != null && before.subject.equals(subject);
              return new Job(key, about, subject, work, again ? before.attempt + 1 : 0);
            });
    if (job.claim()) {
      executor.execute(job);
    }
  }

  public WorkState state(String key) {
    Job job = jobs.get(key);
    return job == null ? new WorkState.Idle() : job.state();
  }

  /** As {@link #state(String)}, but what ended with another subject counts as never begun. */
  public WorkState state(String key, Object subject) {
    Job job = jobs.get(key);
    return job == null || (!job.isUnderWay() && !job.subject.equals(subject))
        ? new WorkState.Idle()
        : job.state();
  }

  /**
   * Stops it if it is under way, which takes a moment once it has begun; else forgets how it ended.
   */
  public void cancel(String key) {
    jobs.computeIfPresent(key, (_, job) -> job.stop() ? job : null);
  }

  /** One piece of work. */
  private final class Job implements Runnable, Progress {
    private final String key;
    private final ObjectKey about;
    private final Object subject;
    private final Work work;
    private final int attempt;
    private boolean claimed;
    private boolean begun;
    private volatile boolean cancelled;
    private volatile WorkState state = new WorkState.Running(0);
    private volatile Instant retryAt = Instant.MAX;

    Job(String key, ObjectKey about, Object subject, Work work, int attempt) {
      this.subject = subject;
      this.key = key;
      this.about = about;
      this.work = work;
      this.attempt = attempt;
    }

    synchronized boolean claim() {
      boolean first = !claimed;
      claimed = true;
      return first;
    }

    boolean isUnderWay() {
      return state instanceof WorkState.Running || state instanceof WorkState.Stopping;
    }

    /** Tells whether there is something to stop. */
    synchronized boolean stop() {
      cancelled = true;
      if (state instanceof WorkState.Running) {
        state = begun ? new WorkState.Stopping() : new WorkState.Idle();
      }
      return isUnderWay();
    }

    /** What was cancelled while it waited for its turn never begins. */
    private synchronized boolean begin() {
      begun = !cancelled;
      return begun;
    }

    WorkState state() {
      WorkState now = state;
      if (now instanceof WorkState.Failed failed) {
        return new WorkState.Failed(failed.message(), !clock.instant().isBefore(retryAt));
      }
      return now;
    }

    @Override
    public synchronized void at(int percent) {
      if (cancelled) {
        throw new CancellationException(key);
      }
      state = new WorkState.Running(percent);
    }

    @Override
    public void run() {
      if (!begin()) {
        return;
      }
      WorkState end = ended();
      synchronized (this) {
        if (cancelled || end instanceof WorkState.Idle) {
          jobs.remove(key, this);
        }
        retryAt = clock.instant().plus(delay());
        state = end;
      }
      wake.wake(about);
    }

    /** Between half and all of the doubled delay, so that no herd forms. */
    private Duration delay() {
      long half = FIRST_DELAY.multipliedBy(1L << Math.min(attempt, DOUBLINGS)).toMillis() / 2;
      return Duration.ofMillis(half + ThreadLocalRandom.current().nextLong(half + 1));
    }

    private WorkState ended() {
      try {
        at(0);
        work.run(this);
        return new WorkState.Idle();
      } catch (CancellationException e) {
        return new WorkState.Idle();
      } catch (Rejection e) {
        return new WorkState.Refused(e.reason(), message(e));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return failed(e);
      } catch (IOException | RuntimeException e) {
        return failed(e);
      }
    }

    private WorkState failed(Exception e) {
      log.warn("{}: {}", key, e.toString());
      return new WorkState.Failed(message(e), false);
    }

    private static String message(Exception e) {
      String message = e.getMessage();
      return message == null ? e.toString() : message;
    }
  }
}
