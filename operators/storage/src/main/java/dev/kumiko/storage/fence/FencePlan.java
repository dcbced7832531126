package dev.kumiko.storage.fence;

import dev.kumiko.reconcile.Desired;
import dev.kumiko.storage.fence.ObservedFence.PoolView;
import dev.kumiko.v1alpha1.StoragePool;
import java.util.ArrayList;
import java.util.List;

/** From what is asked about a host to what is missing in Ceph; each pool for itself. */
final class FencePlan {
  private FencePlan() {}

  static List<FenceAction> plan(Desired<DesiredFence> desired, ObservedFence observed) {
    List<FenceAction> plan = new ArrayList<>();
    switch (desired) {
      case Desired.Present<DesiredFence>(DesiredFence asked) -> {
        for (StoragePool pool : asked.pools()) {
          String name = pool.getMetadata().getName();
          if (observed.pools().get(name) instanceof PoolView.Seen seen) {
            seen.open(asked.addresses()).forEach(a -> plan.add(new FenceAction.Refuse(name, a)));
          }
        }
      }
      case Desired.Absent<DesiredFence>(DesiredFence asked) -> {
        for (StoragePool pool : asked.pools()) {
          String name = pool.getMetadata().getName();
          if (observed.pools().get(name) instanceof PoolView.Seen seen) {
            seen.entries(asked.addresses()).forEach(a -> plan.add(new FenceAction.Admit(name, a)));
          }
        }
      }
      case Desired.Blocked<DesiredFence> _ -> {}
    }
    return plan;
  }
}
