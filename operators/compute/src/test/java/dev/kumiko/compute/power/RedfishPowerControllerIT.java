package dev.kumiko.compute.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumiko.reconcile.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;

/** The adapter against the Redfish of an emulator, whose machines are domains of a libvirtd. */
final class RedfishPowerControllerIT extends PowerControllerContract {
  private static final UUID MACHINE = UUID.randomUUID();
  private static final UUID NEIGHBOUR = UUID.randomUUID();

  @BeforeAll
  static void plug() throws LibvirtException {
    assumeTrue(System.getenv("KUMIKO_REDFISH") != null, "no KUMIKO_REDFISH: see e2e/lab env");
    Connect rack = rack();
    for (UUID machine : List.of(MACHINE, NEIGHBOUR)) {
      rack.domainDefineXML(
          """
          <domain type='qemu'><name>redfish.%s</name><uuid>%1$s</uuid><memory unit='MiB'>16</memory>
            <os><type arch='x86_64'>hvm</type></os></domain>
          """
              .formatted(machine));
    }
    rack.close();
  }

  @AfterAll
  static void unplug() throws LibvirtException {
    if (System.getenv("KUMIKO_REDFISH") == null) {
      return;
    }
    Connect rack = rack();
    for (UUID machine : List.of(MACHINE, NEIGHBOUR)) {
      Domain domain = rack.domainLookupByUUID(machine);
      if (domain.isActive() == 1) {
        domain.destroy();
      }
      domain.undefine();
    }
    rack.close();
  }

  private static Connect rack() throws LibvirtException {
    return new Connect(
        System.getenv("KUMIKO_REDFISH_MACHINES") + "?pkipath=" + System.getenv("KUMIKO_PKI"));
  }

  @Override
  PowerAddress address() {
    return address(MACHINE, Optional.of(read(pki().resolve("ca.crt"))));
  }

  @Override
  PowerAddress neighbour() {
    return address(NEIGHBOUR, Optional.of(read(pki().resolve("ca.crt"))));
  }

  private static PowerAddress address(UUID machine, Optional<String> certificates) {
    return new PowerAddress(
        "it", System.getenv("KUMIKO_REDFISH"), machine.toString(), certificates);
  }

  private static Path pki() {
    return Path.of(System.getenv("KUMIKO_PKI"));
  }

  @Override
  PowerLogin account() {
    String[] parts = read(Path.of(System.getenv("KUMIKO_REDFISH_ACCOUNT"))).strip().split(":", 2);
    return new PowerLogin(parts[0], parts[1]);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(file.toString(), e);
    }
  }

  @Override
  PowerController open(PowerAddress address, PowerLogin login) {
    return new RedfishPowerController(address, login);
  }

  @Override
  void switchOn(PowerAddress machine) {
    try {
      Connect rack = rack();
      Domain domain = rack.domainLookupByUUIDString(machine.system());
      if (domain.isActive() == 0) {
        domain.create();
      }
      rack.close();
    } catch (LibvirtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatIsSwitchedOffDoesNotRunAnyMore() throws LibvirtException {
    try (PowerController controller = open(address(), account())) {
      controller.off();
    }
    Connect rack = rack();
    assertThat(rack.domainLookupByUUID(MACHINE).isActive()).isZero();
    assertThat(rack.domainLookupByUUID(NEIGHBOUR).isActive()).isOne();
    rack.close();
  }

  @Test
  void onlyWhomTheHostTrustsIsToldThePassword() {
    PowerAddress publicly = address(MACHINE, Optional.empty());
    PowerAddress another = address(MACHINE, Optional.of(read(pki().resolve("client.crt"))));
    for (PowerAddress address : List.of(publicly, another)) {
      try (PowerController stranger = open(address, account())) {
        assertThatThrownBy(stranger::off)
            .isInstanceOf(Unavailable.class)
            .hasMessageContaining("TLS fails");
      }
    }
    assertThat(state(address())).isEqualTo(PowerState.ON);
  }

  @Test
  void itsOwnCertificateMayBeTrustedInsteadOfWhoSignedIt() {
    String own = read(pki().resolveSibling("power.crt"));
    assertThat(state(address(MACHINE, Optional.of(own)))).isEqualTo(PowerState.ON);
  }

  private PowerState state(PowerAddress address) {
    try (PowerController controller = open(address, account())) {
      return controller.state();
    }
  }

  @Test
  void anAnswerThatComesTooLateIsNotWaitedFor() {
    Duration none = Duration.ofMillis(1);
    RedfishUrl url = RedfishUrl.https(address().url());
    try (PowerController hasty = new RedfishPowerController(address(), url, account(), none)) {
      assertThatThrownBy(hasty::state)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("within 1 ms");
    }
  }
}
