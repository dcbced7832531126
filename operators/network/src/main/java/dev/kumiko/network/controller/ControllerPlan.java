package dev.kumiko.network.controller;

import dev.kumiko.network.fabric.FabricSettings;
import dev.kumiko.reconcile.Desired;
import java.util.List;
import java.util.Optional;

/** Whether to connect or to disconnect, and what to tidy up. Pure. */
final class ControllerPlan {
  private ControllerPlan() {}

  static List<ControllerAction> plan(
      Desired<DesiredController> desired, ObservedController observed) {
    return switch (desired) {
      case Desired.Present<DesiredController>(var asked) ->
          observed.connected().equals(asked.settings())
              ? collect(asked.name(), observed)
              : connect(asked.settings());
      case Desired.Absent<DesiredController>(var asked) ->
          observed.connected().isEmpty()
              ? List.of()
              : List.of(new ControllerAction.Disconnect(asked.name()));
      case Desired.Blocked<DesiredController> _ -> List.of();
    };
  }

  private static List<ControllerAction> collect(String fabric, ObservedController observed) {
    return observed.view().stream()
        .flatMap(view -> view.abandoned().stream())
        .<ControllerAction>map(
            claim -> new ControllerAction.Collect(FabricSettings.endpoint(fabric), claim))
        .toList();
  }

  private static List<ControllerAction> connect(Optional<FabricSettings> settings) {
    return settings
        .<List<ControllerAction>>map(s -> List.of(new ControllerAction.Connect(s)))
        .orElseGet(List::of);
  }
}
