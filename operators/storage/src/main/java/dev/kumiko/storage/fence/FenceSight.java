package dev.kumiko.storage.fence;

import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.storage.ceph.CephClient;
import dev.kumiko.storage.ceph.CephException;
import dev.kumiko.storage.ceph.CephPool;
import dev.kumiko.storage.ceph.Pools;
import dev.kumiko.storage.fence.ObservedFence.PoolView;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.StoragePool;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks the guests of a host, and the pools about it; a pool that is silent says nothing. */
record FenceSight(Pools pools) {

  /** What librados waits for the monitors: who takes longer does not answer. */
  private static final AtOnce AT_ONCE = new AtOnce(Duration.ofSeconds(5));

  ObservedFence of(DesiredFence asked) {
    List<PoolView> answers =
        AT_ONCE.ask(asked.pools(), this::view, new PoolView.Unknown("no answer in time"));
    Map<String, PoolView> views = new LinkedHashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      views.put(asked.pools().get(i).getMetadata().getName(), answers.get(i));
    }
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
    List<Boolean> answers =
        AT_ONCE
            .ask(asked.disks(), disk -> answers(disk, asked.addresses()), Optional.<Boolean>empty())
            .stream()
            .flatMap(Optional::stream)
            .toList();
    if (answers.contains(true)) {
      return Optional.of(Fence.Guests.Answering);
    }
    return answers.isEmpty() ? Optional.empty() : Optional.of(Fence.Guests.Silent);
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
