package dev.kumiko.network.fabric.ovn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** The bytes to and from an OVSDB server. */
record OvsdbStream(InputStream input, OutputStream output, AutoCloseable socket) {

  static OvsdbStream open(OvsdbAddress address, Optional<SSLContext> tls, Duration timeout)
      throws IOException {
    return switch (address) {
      case OvsdbAddress.Tcp tcp -> tcp(tcp, tls, Math.toIntExact(timeout.toMillis()));
      case OvsdbAddress.Unix unix -> unix(unix);
    };
  }

  private static OvsdbStream tcp(OvsdbAddress.Tcp address, Optional<SSLContext> tls, int millis)
      throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(address.host(), address.port()), millis);
      socket.setTcpNoDelay(true);
      if (address.secured()) {
        socket.setSoTimeout(millis);
        socket = secured(socket, address, tls);
        socket.setSoTimeout(0);
      }
      return new OvsdbStream(socket.getInputStream(), socket.getOutputStream(), socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static Socket secured(Socket plain, OvsdbAddress.Tcp address, Optional<SSLContext> tls)
      throws IOException {
    SSLContext context =
        tls.orElseThrow(() -> new IOException(address + " needs a client certificate"));
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, address.host(), address.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static OvsdbStream unix(OvsdbAddress.Unix address) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(address.path()));
    return new OvsdbStream(new ChannelInput(channel), new ChannelOutput(channel), channel);
  }

  void close() {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException("a socket did not close", e);
    }
  }

  /**
   * Reads a channel without the lock that {@code Channels.newInputStream} shares with its writer.
   */
  private static final class ChannelInput extends InputStream {
    private final SocketChannel channel;

    ChannelInput(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return channel.read(ByteBuffer.wrap(bytes, offset, length));
    }
  }

  /**
   * Writes a channel without the lock that {@code Channels.newOutputStream} shares with its reader.
   */
  private static final class ChannelOutput extends OutputStream {
    private final SocketChannel channel;

    ChannelOutput(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }
}
