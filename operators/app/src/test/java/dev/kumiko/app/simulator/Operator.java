package dev.kumiko.app.simulator;

import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.v1alpha1.Reporting;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** A process of an operator, until it is stopped or crashes. */
final class Operator {
  /** Of the processes that there are. */
  enum Group {
    COMPUTE,
    STORAGE,
    /** One that lost its lease and does not know it. */
    STALE
  }

  final Group group;
  private final InMemoryCluster api;
  private final InstantSource clock;
  private final List<Controller<?, ?, ?, ?>> controllers = new ArrayList<>();
  private int actionsLeft = Integer.MAX_VALUE;

  Operator(Group group, InMemoryCluster api, InstantSource clock) {
    this.group = group;
    this.api = api;
    this.clock = clock;
  }

  <R extends CustomResource<?, ?> & Reporting, D, O, A extends Action> void run(
      Kind<R, D, O, A> kind, Cluster view) {
    controllers.add(new Controller<>(kind, api, view, clock, this::journal));
  }

  /** Ends it right after so many more actions. */
  void crashAfter(int actions) {
    actionsLeft = actions;
  }

  private void journal(HasMetadata resource, Action action, Runnable work) {
    work.run();
    actionsLeft--;
    if (actionsLeft <= 0) {
      throw new Crash();
    }
  }

  void hear(Change change) {
    controllers.forEach(c -> c.hear(change));
  }

  List<Runnable> passes() {
    return controllers.stream().flatMap(c -> c.passes().stream()).toList();
  }
}
