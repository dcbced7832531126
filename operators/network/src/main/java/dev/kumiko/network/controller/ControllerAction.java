package dev.kumiko.network.controller;

import dev.kumiko.network.fabric.FabricSettings;
import dev.kumiko.reconcile.Action;

/** Everything that can be done about a fabric's controller. */
sealed interface ControllerAction extends Action {

  @Override
  default boolean repairs() {
    return false;
  }

  /** Connects, in place of a connection with other settings. */
  record Connect(FabricSettings settings) implements ControllerAction {
    @Override
    public String target() {
      return settings.endpoint();
    }

    @Override
    public String describe() {
      return "connect to " + settings.describe();
    }
  }

  /** Gives back what an owner had who is gone. */
  record Collect(String target, String claim) implements ControllerAction {
    @Override
    public String describe() {
      return "release " + claim + ", whose owner is gone";
    }
  }

  /** Ends the connection. */
  record Disconnect(String fabric) implements ControllerAction {
    @Override
    public String target() {
      return FabricSettings.endpoint(fabric);
    }

    @Override
    public String describe() {
      return "disconnect from " + fabric;
    }
  }
}
