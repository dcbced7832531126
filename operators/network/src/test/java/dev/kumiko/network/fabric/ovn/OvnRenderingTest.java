package dev.kumiko.network.fabric.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.network.fabric.PortShape;
import dev.kumiko.network.fabric.Row;
import dev.kumiko.network.fabric.SegmentShape;
import dev.kumiko.network.fabric.Shapes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class OvnRenderingTest {
  private static final String VRF = "00000000-0000-0000-0000-00000000000a";
  private static final String NETWORK = "00000000-0000-0000-0000-00000000000b";
  private static final String PORT = "00000000-0000-0000-0000-00000000000c";
  private final OvnRendering rendering = new OvnRendering();

  @Test
  void aVrfIsOneRouter() throws IOException {
    assertGolden("vrf", rendering.vrf(Shapes.vrf(VRF)));
  }

  @Test
  void aNetworkIsASwitchOnAVlanWithARouterAndDhcp() throws IOException {
    assertGolden("network", rendering.segment(Shapes.segment(NETWORK, VRF, 101)));
  }

  @Test
  void aNetworkWithoutDhcpHasNoDhcpOptions() throws IOException {
    SegmentShape segment = Shapes.withoutDhcp(Shapes.segment(NETWORK, VRF, 101));

    assertGolden("network-without-dhcp", rendering.segment(segment));
  }

  @Test
  void aPortBelongsToOneHost() throws IOException {
    assertGolden("port", rendering.port(Shapes.port(PORT, NETWORK, "h1")));
  }

  @Test
  void duringAMigrationAPortBelongsToTheHostWhereTheGuestRuns() {
    assertThat(rendering.port(Shapes.port(PORT, NETWORK, "h1", "h2")))
        .isEqualTo(rendering.port(Shapes.port(PORT, NETWORK, "h1")))
        .isNotEqualTo(rendering.port(Shapes.port(PORT, NETWORK, "h2", "h1")));
  }

  @Test
  void aPortThatIsPlacedNowhereAsksForNoHost() throws IOException {
    assertGolden("port-unplaced", rendering.port(Shapes.port(PORT, NETWORK)));
  }

  @Test
  void aProbedPortHasACheckOnItsNetworksEmptySwitch() throws IOException {
    PortShape port = Shapes.probed(Shapes.port(PORT, NETWORK, "h1"), 22);

    assertGolden("port-probed", rendering.port(port));
  }

  private static void assertGolden(String name, Set<Row> rows) throws IOException {
    try (InputStream golden = OvnRenderingTest.class.getResourceAsStream(name + ".golden")) {
      assertThat(golden).as("golden %s; rendered:%n%s", name, text(rows)).isNotNull();
      assertThat(text(rows)).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static String text(Collection<Row> rows) {
    return rows.stream()
        .sorted(Comparator.comparing(Row::table).thenComparing(row -> row.get("name").toString()))
        .map(Row::toString)
        .collect(Collectors.joining("\n\n", "", "\n"));
  }
}
