package dev.kumiko.compute.power;

import java.util.Optional;

final class InMemoryPowerControllerTest extends PowerControllerContract {
  private final PowerLogin account = new PowerLogin("operator", "right horse");
  private final InMemoryBmc bmc = new InMemoryBmc(account);

  @Override
  PowerAddress address() {
    return new PowerAddress("h1", "https://10.0.9.1", "437XR1138R2", Optional.empty());
  }

  @Override
  PowerAddress neighbour() {
    return new PowerAddress("h2", "https://10.0.9.1", "437XR1138R3", Optional.empty());
  }

  @Override
  PowerLogin account() {
    return account;
  }

  @Override
  PowerController open(PowerAddress address, PowerLogin login) {
    return bmc.open(address, login);
  }

  @Override
  void switchOn(PowerAddress machine) {
    bmc.on(machine.system());
  }
}
