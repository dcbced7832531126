package dev.kumiko.compute.host;

import dev.kumiko.reconcile.Desired;
import java.util.List;
import java.util.Optional;

/** From what a Host asks for and what there is to what is missing. */
final class HostPlan {
  private HostPlan() {}

  static List<HostAction> plan(Desired<DesiredHost> desired, ObservedHost observed) {
    return switch (desired) {
      case Desired.Present<DesiredHost>(DesiredHost host) ->
          observed.open().equals(Optional.of(host.target()))
              ? List.of()
              : List.of(new HostAction.Open(host.target(), host.tlsSecret()));
      case Desired.Absent<DesiredHost>(DesiredHost host) ->
          observed.open().isEmpty()
              ? List.of()
              : List.of(new HostAction.Close(host.target().host()));
      case Desired.Blocked<DesiredHost> _ -> List.of();
    };
  }
}
