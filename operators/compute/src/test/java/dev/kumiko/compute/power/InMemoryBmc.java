package dev.kumiko.compute.power;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A power controller of some machines that exists in memory only. */
public final class InMemoryBmc implements PowerControllers.Opener {
  final Map<String, PowerState> systems = new LinkedHashMap<>();
  final PowerLogin account;
  final List<String> asked = new ArrayList<>();
  private boolean isReachable = true;

  public InMemoryBmc(PowerLogin account) {
    this.account = account;
  }

  /** Plugs a machine in that runs. */
  public void on(String system) {
    systems.put(system, PowerState.ON);
  }

  public void reachable(boolean yes) {
    isReachable = yes;
  }

  boolean isReachable() {
    return isReachable;
  }

  /** What was asked of it, in order. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  @Override
  public PowerController open(PowerAddress address, PowerLogin login) {
    return new InMemoryPowerController(this, address, login);
  }
}
