package dev.kumiko.network.fabric.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.network.fabric.FabricSettings;
import dev.kumiko.network.fabric.FabricTables;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OvnFabricsTest {
  private final OvnFabrics fabrics =
      new OvnFabrics(
          new InMemoryCluster(InstantSource.system()), "kumiko", Duration.ofMillis(1500));
  private ScriptedServer server;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer();
  }

  @AfterEach
  void stop() throws IOException {
    fabrics.close();
    server.close();
  }

  @Test
  void aConnectionIsKeptUntilTheNewOneStands() throws IOException {
    FabricSettings good = settings(server.address().toString());
    fabrics.connect(good);
    FabricTables tables = fabrics.get("main");

    assertThatThrownBy(() -> fabrics.connect(settings("tcp:localhost:1")))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("the former connection is kept");
    assertThatThrownBy(() -> fabrics.connect(settings("localhost"))).isInstanceOf(Rejection.class);

    assertThat(fabrics.connected("main")).hasValue(good);
    assertThat(fabrics.get("main")).isSameAs(tables);
    assertThat(tables.health().isConnected()).isTrue();
    try (ScriptedServer other = new ScriptedServer()) {
      fabrics.connect(settings(other.address().toString()));
      assertThat(fabrics.connected("main")).hasValue(settings(other.address().toString()));
      assertThat(fabrics.get("main")).isNotSameAs(tables);
    }
  }

  private static FabricSettings settings(String address) {
    return new FabricSettings("main", address, address, "", "");
  }
}
