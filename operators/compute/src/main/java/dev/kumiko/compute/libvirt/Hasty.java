package dev.kumiko.compute.libvirt;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs one native call at a time with a deadline, on a thread that is left behind with a call that
 * hangs: those cannot be interrupted.
 */
final class Hasty implements AutoCloseable {
  private final String name;
  private ExecutorService thread;

  Hasty(String name) {
    this.name = name;
    this.thread = fresh(name);
  }

  private static ExecutorService fresh(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
  }

  /**
   * @throws TimeoutException when the deadline passed; the call may still go on
   */
  synchronized <T> T call(Duration deadline, Callable<T> work) throws TimeoutException {
    Future<T> answer = thread.submit(work);
    try {
      return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      thread.shutdownNow();
      thread = fresh(name);
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
