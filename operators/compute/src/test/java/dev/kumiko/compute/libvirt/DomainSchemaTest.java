package dev.kumiko.compute.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumiko.compute.domainxml.Acceleration;
import dev.kumiko.compute.domainxml.DomainXml;
import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.domainxml.Guests;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our documents against libvirt's own RELAX NG schema, by VIR_DOMAIN_DEFINE_VALIDATE. */
final class DomainSchemaTest {
  @BeforeAll
  static void needsSchemas() {
    assumeTrue(TestDriver.missing().isEmpty(), TestDriver::missing);
  }

  @ParameterizedTest
  @EnumSource(Acceleration.class)
  void aFullDomainIsValidAndComesBackAsItWas(Acceleration acceleration) {
    GuestDefinition guest = Guests.web(acceleration);
    HostConnection connection = open();
    connection.define(TestDriver.document(guest));
    String document = connection.with(guest.uuid(), DomainHandle::definition).orElseThrow();
    connection.with(
        guest.uuid(),
        domain -> {
          domain.undefine();
          return true;
        });
    connection.retire();
    assertThat(DomainXml.parse(document))
        .contains(
            new GuestDefinition(
                guest.uuid(),
                guest.name(),
                guest.marker(),
                new dev.kumiko.compute.domainxml.Hardware(
                    2, 131072, Optional.empty(), Acceleration.TCG),
                guest.disks(),
                guest.nics(),
                guest.consoleLog()));
  }

  @ParameterizedTest
  @EnumSource(Acceleration.class)
  void theSchemaIsReallyAsked(Acceleration acceleration) {
    HostConnection connection = open();
    String broken =
        TestDriver.document(Guests.web(acceleration)).replace("<features>", "<featurs/><features>");
    assertThatThrownBy(() -> connection.define(broken))
        .isInstanceOf(LibvirtFailure.class)
        .hasMessageContaining("schema");
    connection.retire();
  }

  private static HostConnection open() {
    return HostConnection.open(TestDriver.ADDRESS);
  }
}
