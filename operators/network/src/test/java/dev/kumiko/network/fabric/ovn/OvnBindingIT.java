package dev.kumiko.network.fabric.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumiko.network.fabric.Binding;
import dev.kumiko.network.fabric.PortShape;
import dev.kumiko.network.fabric.SegmentShape;
import dev.kumiko.network.fabric.Shapes;
import dev.kumiko.network.fabric.VrfShape;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the real OVN says about a port that a guest's interface is plugged into. */
final class OvnBindingIT {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static OvnFabricTables tables;

  private final String portUid = UUID.randomUUID().toString();
  private final VrfShape vrf = Shapes.vrf(UUID.randomUUID().toString());
  private final SegmentShape segment =
      Shapes.segment(UUID.randomUUID().toString(), vrf.owner().uid(), 4001);
  private final HostSwitch h1 = new HostSwitch("h1");
  private final HostSwitch h2 = new HostSwitch("h2");

  @BeforeAll
  static void connect() throws IOException {
    tables = OvnLab.fromEnvironment().connect();
    await().until(() -> tables.health().isConnected());
  }

  @AfterAll
  static void disconnect() {
    tables.close();
  }

  @BeforeEach
  void makeNetwork() {
    tables.commit(vrf.owner(), tables.rendering().vrf(vrf), DEADLINE);
    tables.commit(segment.owner(), tables.rendering().segment(segment), DEADLINE);
  }

  @AfterEach
  void leaveNothing() throws Exception {
    h1.unplug("kumiko-it");
    h2.unplug("kumiko-it");
    tables.commit(port("h1").owner(), Set.of(), DEADLINE);
    tables.commit(segment.owner(), Set.of(), DEADLINE);
    tables.commit(vrf.owner(), Set.of(), DEADLINE);
  }

  @Test
  void aPortIsBoundWhereItsInterfaceIsAndOnlyWhileItIsThere() throws Exception {
    ask("h1");
    h1.plug("kumiko-it", portUid);

    awaitBinding(true, "h1");
    h1.unplug("kumiko-it");
    await().until(() -> tables.binding(port("h1").owner()).chassis().isEmpty());
  }

  @Test
  void aHostThatWasNotAskedForCannotClaimThePort() throws Exception {
    ask("h1");
    h2.plug("kumiko-it", portUid);
    h1.plug("kumiko-it", portUid);

    awaitBinding(true, "h1");
    assertThat(tables.binding(port("h1").owner()).chassis()).containsExactly("h1");
  }

  @Test
  void aMigrationMovesThePortWhenTheHostsAreSwapped() throws Exception {
    ask("h1");
    h1.plug("kumiko-it", portUid);
    awaitBinding(true, "h1");

    ask("h1", "h2");
    h2.plug("kumiko-it", portUid);
    awaitBinding(true, "h1");
    ask("h2", "h1");
    awaitBinding(true, "h2");
    h1.unplug("kumiko-it");
    ask("h2");

    awaitBinding(true, "h2");
  }

  private void ask(String... hosts) {
    PortShape port = port(hosts);
    tables.commit(port.owner(), tables.rendering().port(port), DEADLINE);
  }

  private PortShape port(String... hosts) {
    return Shapes.port(portUid, segment.owner().uid(), hosts);
  }

  private void awaitBinding(boolean isUp, String... hosts) {
    await()
        .untilAsserted(() -> {
          Binding binding = tables.binding(port().owner());
          assertThat(binding.chassis()).containsExactly(hosts);
          assertThat(binding.isUp()).isEqualTo(isUp);
        });
  }
}
