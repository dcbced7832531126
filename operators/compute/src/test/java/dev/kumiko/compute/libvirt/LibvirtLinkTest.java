package dev.kumiko.compute.libvirt;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kumiko.reconcile.Endpoint;
import dev.kumiko.reconcile.Unavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a host that does not let us in looks like. */
final class LibvirtLinkTest {
  @Test
  void aRefusedPortIsASignOfLifeAndNothingIsKnownOfGuests() throws IOException {
    try (Hypervisor host = open(freePort())) {
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> host.link() instanceof Link.Lost lost && lost.sign() == Link.Sign.REFUSED);
      assertThatThrownBy(host::inventory)
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("REFUSED");
      assertThatThrownBy(host::facts).isInstanceOf(Unavailable.class);
      assertThatThrownBy(() -> host.destroy(new UUID(1, 1), 1)).isInstanceOf(Unavailable.class);
    }
  }

  private static Hypervisor open(int port) {
    return new LibvirtHypervisor(
        new HostAddress(
            "h1", URI.create("qemu+tcp://127.0.0.1:" + port + "/system"), Optional.empty()),
        new Endpoint("libvirt/h1", 1, Duration.ofSeconds(5)),
        new Endpoint("libvirt/h1/qemu", 1, Duration.ofSeconds(5)),
        InstantSource.system());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
