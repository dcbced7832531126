package dev.kumiko.compute.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.domainxml.Guests;
import java.time.Clock;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.libvirt.LibvirtException;

/** On libvirt's test driver, and without any event. */
final class MirrorTest {
  private static final GuestDefinition STAYS = Guests.bare(new UUID(5, 1), "acme.stays", 1);
  private static final GuestDefinition GOES = Guests.bare(new UUID(5, 2), "acme.goes", 1);
  private static final GuestDefinition COMES = Guests.bare(new UUID(5, 3), "acme.comes", 1);

  @BeforeAll
  static void needsLibvirt() {
    assumeTrue(TestDriver.missing().isEmpty(), TestDriver::missing);
  }

  private final HostConnection connection = HostConnection.open(TestDriver.ADDRESS);

  @AfterEach
  void close() {
    connection.retire();
  }

  @Test
  void whatNoEventToldIsFoundByComparing() throws LibvirtException {
    define(STAYS);
    define(GOES);
    Mirror mirror = new Mirror(new Arrivals(Clock.systemUTC()));
    mirror.readAll(connection);
    connection.connect().domainLookupByUUID(STAYS.uuid()).create();
    connection.with(
        GOES.uuid(),
        domain -> {
          domain.undefine();
          return true;
        });
    define(COMES);
    mirror.catchUp(connection);
    Inventory now = mirror.inventory();
    assertThat(now.guest(STAYS.uuid()).orElseThrow().state()).isEqualTo(GuestState.RUNNING);
    assertThat(now.guest(GOES.uuid())).isEmpty();
    assertThat(now.guest(COMES.uuid()).orElseThrow().isOurs()).isTrue();
  }

  private void define(GuestDefinition guest) {
    connection.define(TestDriver.document(guest));
  }
}
