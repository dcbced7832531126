package dev.kumiko.storage.fence;

import dev.kumiko.reconcile.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One question to several pools at the same time, so that one that hangs holds no other up. */
record AtOnce(Duration limit) {

  /**
   * The answers, in the order of those who are asked.
   *
   * @param late what stands for an answer that did not come within the limit
   */
  <T, A> List<A> ask(List<T> asked, Function<T, A> question, A late) {
    List<Callable<A>> calls =
        asked.stream().<Callable<A>>map(one -> () -> question.apply(one)).toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(calls, limit.toMillis(), TimeUnit.MILLISECONDS).stream()
          .map(call -> answer(call, late))
          .toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("ceph", "interrupted while the pools were asked", e);
    }
  }

  private static <A> A answer(Future<A> call, A late) {
    return switch (call.state()) {
      case SUCCESS -> call.resultNow();
      case FAILED -> throw new IllegalStateException(call.exceptionNow());
      case CANCELLED, RUNNING -> late;
    };
  }
}
