package dev.kumiko.compute.libvirt;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/**
 * Knocks at a TCP port before libvirt does: libvirt has no deadline for connecting, and "refused"
 * is a sign of life.
 */
final class Probe {
  private static final int DEADLINE_MILLIS = 2000;

  private Probe() {}

  /** Empty when the port is open. */
  static Optional<Link.Sign> knock(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, DEADLINE_MILLIS);
      return Optional.empty();
    } catch (ConnectException e) {
      boolean refused = String.valueOf(e.getMessage()).contains("refused");
      return Optional.of(refused ? Link.Sign.REFUSED : Link.Sign.SILENT);
    } catch (IOException e) {
      return Optional.of(Link.Sign.SILENT);
    }
  }
}
