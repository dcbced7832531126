package dev.kumiko.compute.host;

import dev.kumiko.compute.libvirt.Link;
import dev.kumiko.reconcile.Desired;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** From what a Host asks for and what there is to what is missing. */
final class HostPlan {
  private HostPlan() {}

  static List<HostAction> plan(Desired<DesiredHost> desired, ObservedHost observed) {
    return switch (desired) {
      case Desired.Present<DesiredHost>(DesiredHost host) -> present(host, observed);
      case Desired.Absent<DesiredHost>(DesiredHost host) ->
          observed.machines().isEmpty() ? closed(host, observed) : looked(host, observed);
      case Desired.Blocked<DesiredHost> _ -> List.of();
    };
  }

  /** What only guests need is taken back with the last of them. */
  private static List<HostAction> present(DesiredHost host, ObservedHost observed) {
    List<HostAction> missing = looked(host, observed);
    return missing.isEmpty() && observed.isIdle() && observed.plight().fence().isEmpty()
        ? List.of(new HostAction.Withdraw(host.target().host()))
        : missing;
  }

  /** Connected, and what follows from how it is. */
  private static List<HostAction> looked(DesiredHost host, ObservedHost observed) {
    List<HostAction> missing = connected(host, observed);
    if (!missing.isEmpty()) {
      return missing;
    }
    List<HostAction> fencing = FencePlan.plan(host, observed);
    return fencing.isEmpty() ? DrainPlan.plan(host, observed) : fencing;
  }

  private static List<HostAction> connected(DesiredHost host, ObservedHost observed) {
    return observed.open().equals(Optional.of(host.target()))
        ? identify(host.target().host(), observed.machine())
        : List.of(new HostAction.Open(host.target(), host.tlsSecret()));
  }

  /**
   * A machine that is recorded may have been given something. From one that does not answer nothing
   * can be taken back, and one that was not tried yet is waited for.
   */
  private static List<HostAction> closed(DesiredHost host, ObservedHost observed) {
    String name = host.target().host();
    if (observed.machine().recorded().isEmpty()) {
      return observed.open().isEmpty() ? List.of() : List.of(new HostAction.Close(name));
    }
    List<HostAction> missing = connected(host, observed);
    if (!missing.isEmpty()) {
      return missing;
    }
    List<HostAction> end = List.of(new HostAction.Forget(name), new HostAction.Close(name));
    if (observed.sight().isPresent()) {
      return Stream.concat(Stream.of(new HostAction.Withdraw(name)), end.stream()).toList();
    }
    return observed.link().filter(HostPlan::isInVain).isPresent() ? end : List.of();
  }

  private static boolean isInVain(Link link) {
    return link instanceof Link.Lost lost && lost.sign() != Link.Sign.UNTRIED;
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
