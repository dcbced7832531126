package dev.kumiko.network.fabric.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumiko.network.fabric.FabricListener;
import dev.kumiko.network.fabric.PortShape;
import dev.kumiko.network.fabric.SegmentShape;
import dev.kumiko.network.fabric.Shapes;
import dev.kumiko.network.fabric.VrfShape;
import dev.kumiko.reconcile.Ownership;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real OVN asks a guest, here a network namespace, whether it answers. */
final class OvnProbeIT {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String DEVICE = "kumiko-it-asked";
  private static final int TCP_PORT = 2222;
  private static OvnFabricTables tables;

  private final VrfShape vrf = Shapes.vrf(UUID.randomUUID().toString());
  private final SegmentShape segment =
      Shapes.segment(UUID.randomUUID().toString(), vrf.owner().uid(), 4002);
  private final PortShape port =
      Shapes.probed(
          Shapes.port(UUID.randomUUID().toString(), segment.owner().uid(), "h1"), TCP_PORT);
  private final HostSwitch h1 = new HostSwitch("h1");
  private final List<Ownership> told = new CopyOnWriteArrayList<>();

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
  void plugGuest() throws Exception {
    tables.listen(
        new FabricListener() {
          @Override
          public void rowsChanged(Ownership owner) {
            told.add(owner);
          }

          @Override
          public void chassisChanged() {}
        });
    tables.commit(vrf.owner(), tables.rendering().vrf(vrf), DEADLINE);
    tables.commit(segment.owner(), tables.rendering().segment(segment), DEADLINE);
    tables.commit(port.owner(), tables.rendering().port(port), DEADLINE);
    h1.plug(DEVICE, port.owner().uid());
    run("ip", "netns", "add", DEVICE);
    run("ip", "-n", "kumiko-h1", "link", "set", DEVICE, "netns", DEVICE);
    run("ip", "-n", DEVICE, "link", "set", DEVICE, "address", port.mac(), "up");
    run("ip", "-n", DEVICE, "address", "add", port.address() + "/24", "dev", DEVICE);
  }

  @AfterEach
  void leaveNothing() throws Exception {
    h1.unplug(DEVICE);
    run("ip", "netns", "delete", DEVICE);
    List.of(port.owner(), segment.owner(), vrf.owner())
        .forEach(owner -> tables.commit(owner, Set.of(), DEADLINE));
  }

  @Test
  void aGuestAnswersAsLongAsItListens() throws Exception {
    await().atMost(PATIENCE).until(() -> tables.binding(port.owner()).isUp());
    assertThat(tables.answers(port.owner(), TCP_PORT)).isFalse();
    told.clear();

    Process listener = listen();
    try {
      awaitAnswers(true);
      assertThat(told).contains(port.owner());
      assertThat(tables.answers(port.owner(), 22)).isFalse();
    } finally {
      listener.destroy();
    }
    awaitAnswers(false);
  }

  private void awaitAnswers(boolean yes) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(tables.answers(port.owner(), TCP_PORT)).isEqualTo(yes));
  }

  private static Process listen() throws IOException {
    return new ProcessBuilder(
            "ip",
            "netns",
            "exec",
            DEVICE,
            "python3",
            "-c",
            "import socket\ns = socket.create_server(('', "
                + TCP_PORT
                + "))\nwhile True: s.accept()[0].close()")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(15, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(List.of(command) + ": " + output);
    }
  }
}
