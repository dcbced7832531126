package dev.kumiko.storage.fence;

import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.storage.ceph.CephException;
import dev.kumiko.storage.ceph.CephPool;
import dev.kumiko.storage.ceph.Pools;
import dev.kumiko.storage.fence.ObservedFence.PoolView;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.StoragePool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks the guests of a host, and the pools about it; a pool that is silent says nothing. */
record FenceSight(Pools pools) {

  ObservedFence of(DesiredFence asked) {
    Map<String, PoolView> views = new LinkedHashMap<>();
    asked.pools().forEach(pool -> views.put(pool.getMetadata().getName(), view(pool)));
    return new ObservedFence(
        asked.stage() == Fence.Stage.Suspected ? guests(asked) : Optional.empty(), views);
  }

  private PoolView view(StoragePool pool) {
    try {
      return new PoolView.Seen(pools.of(pool).blocklist());
    } catch (Unavailable | CephException e) {
      return new PoolView.Unknown(String.valueOf(e.getMessage()));
    }
  }

  /** One answer is enough; without a question that could be asked nothing is known. */
  private Optional<Fence.Guests> guests(DesiredFence asked) {
    if (asked.disks().isEmpty()) {
      return Optional.of(Fence.Guests.None);
    }
    List<Boolean> answers = called(asked);
    if (answers.contains(true)) {
      return Optional.of(Fence.Guests.Answering);
    }
    return answers.isEmpty() ? Optional.empty() : Optional.of(Fence.Guests.Silent);
  }

  /** All at once, because each that is silent takes a second. */
  private List<Boolean> called(DesiredFence asked) {
    List<Callable<Optional<Boolean>>> calls =
        asked.disks().stream()
            .<Callable<Optional<Boolean>>>map(disk -> () -> answers(disk, asked.addresses()))
            .toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(calls).stream()
          .map(FenceSight::result)
          .flatMap(Optional::stream)
          .toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private static Optional<Boolean> result(Future<Optional<Boolean>> call) {
    try {
      return call.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Whether a client at one of the addresses has the disk open and lives; empty: unknown. */
  private Optional<Boolean> answers(DesiredFence.Disk disk, List<String> addresses) {
    try {
      CephPool pool = pools.of(disk.pool());
      List<CephClient> there =
          pool.image(disk.rbdName()).stream()
              .flatMap(image -> image.watchers().stream())
              .filter(client -> addresses.contains(client.host()))
              .toList();
      Set<Long> living = there.isEmpty() ? Set.of() : pool.answering(disk.rbdName());
      return Optional.of(there.stream().anyMatch(client -> living.contains(client.id())));
    } catch (Unavailable | CephException e) {
      return Optional.empty();
    }
  }
}
