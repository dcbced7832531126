package dev.kumiko.compute.power;

import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import java.util.Optional;

/** The way to one machine of a power controller that exists in memory only. */
final class InMemoryPowerController implements PowerController {
  private final InMemoryBmc bmc;
  private final PowerAddress address;
  private final PowerLogin login;
  private boolean isClosed;

  InMemoryPowerController(InMemoryBmc bmc, PowerAddress address, PowerLogin login) {
    this.bmc = bmc;
    this.address = address;
    this.login = login;
  }

  @Override
  public PowerState state() {
    return asked("state");
  }

  @Override
  public void off() {
    asked("off");
    bmc.systems.put(address.system(), PowerState.OFF);
  }

  private PowerState asked(String what) {
    bmc.asked.add(what + " " + address.system() + " at " + address.url());
    if (isClosed || !bmc.isReachable()) {
      throw new Unavailable("redfish/" + address.host(), address.url() + " does not answer");
    }
    if (!bmc.account.equals(login)) {
      throw new Rejection("PowerOffFailed", address.url() + " refuses the account");
    }
    return Optional.ofNullable(bmc.systems.get(address.system()))
        .orElseThrow(() ->
            new Rejection(
                "PowerOffFailed", address.url() + " knows no machine " + address.system()));
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
