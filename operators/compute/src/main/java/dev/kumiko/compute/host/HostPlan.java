package dev.kumiko.compute.host;

import dev.kumiko.reconcile.Desired;
import java.util.List;
import java.util.Optional;

/** From what a Host asks for and what there is to what is missing. */
final class HostPlan {
  private HostPlan() {}

  static List<HostAction> plan(Desired<DesiredHost> desired, ObservedHost observed) {
    return switch (desired) {
      case Desired.Present<DesiredHost>(DesiredHost host) -> connected(host, observed);
      case Desired.Absent<DesiredHost>(DesiredHost host) ->
          observed.machines().isEmpty() ? closed(host, observed) : connected(host, observed);
      case Desired.Blocked<DesiredHost> _ -> List.of();
    };
  }

  private static List<HostAction> connected(DesiredHost host, ObservedHost observed) {
    return observed.open().equals(Optional.of(host.target()))
        ? identify(host.target().host(), observed.machine())
        : List.of(new HostAction.Open(host.target(), host.tlsSecret()));
  }

  /** From a host that does not answer nothing can be taken back. */
  private static List<HostAction> closed(DesiredHost host, ObservedHost observed) {
    String name = host.target().host();
    if (observed.open().isEmpty()) {
      return List.of();
    }
    return observed.sight().isPresent()
        ? List.of(new HostAction.Withdraw(name), new HostAction.Close(name))
        : List.of(new HostAction.Close(name));
  }

  /** The first machine that answers becomes the Host's; only that one is ever used. */
  private static List<HostAction> identify(String host, ObservedMachine machine) {
    if (machine.rival().isPresent()) {
      return List.of();
    }
    Optional<HostAction> missing =
        machine.recorded().isEmpty()
            ? machine.answering().map(m -> new HostAction.Identify(host, m))
            : machine
                .recorded()
                .filter(m -> !machine.admitted().equals(Optional.of(m)))
                .map(m -> new HostAction.Admit(host, m));
    return missing.stream().toList();
  }
}
