package dev.kumiko.compute.host;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Pass;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.v1alpha1.Host;
import java.util.Optional;

/** Which Host stands for which machine: never two for the same. */
final class Machines {
  private final Cluster cluster;

  Machines(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Another Host whose status has the machine. */
  Optional<String> rival(String host, String machine) {
    return cluster.list(Host.class).stream()
        .filter(other -> machine.equals(other.observed().machine()))
        .map(other -> other.getMetadata().getName())
        .filter(name -> !name.equals(host))
        .findFirst();
  }

  /** Writes it down. One at a time, so that each sees what was written a moment ago. */
  synchronized void record(Pass<Host> pass, String machine) {
    String host = pass.resource().getMetadata().getName();
    rival(host, machine)
        .ifPresent(rival -> {
          throw new Rejection("SameMachine", clash(host, rival));
        });
    pass.writeStatusFirst(pass.resource().observed().on(machine));
  }

  void forget(Pass<Host> pass) {
    pass.writeStatusFirst(pass.resource().observed().on(null));
  }

  static String clash(String host, String rival) {
    return "Host "
        + host
        + " and Host "
        + rival
        + " lead to the same machine, which is "
        + rival
        + "'s: delete one of them, or lead spec.connection.uri of "
        + host
        + " to another machine";
  }
}
