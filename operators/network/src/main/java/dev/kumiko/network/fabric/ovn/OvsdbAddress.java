package dev.kumiko.network.fabric.ovn;

import java.util.Arrays;
import java.util.List;

/**
 * Where an OVSDB server listens, in OVS's own notation: {@code ssl:host:port}, {@code
 * tcp:host:port}, {@code unix:path}.
 */
sealed interface OvsdbAddress {
  /** TCP, with TLS when secured. */
  record Tcp(String host, int port, boolean secured) implements OvsdbAddress {
    @Override
    public String toString() {
      return (secured ? "ssl:" : "tcp:") + host + ":" + port;
    }
  }

  /** A local socket. */
  record Unix(String path) implements OvsdbAddress {
    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /** Reads one address, or several of one cluster separated by commas. */
  static List<OvsdbAddress> parse(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).map(OvsdbAddress::one).toList();
  }

  private static OvsdbAddress one(String text) {
    int scheme = text.indexOf(':');
    int port = text.lastIndexOf(':');
    String kind = scheme < 0 ? "" : text.substring(0, scheme);
    if (kind.equals("unix") && text.length() > 5) {
      return new Unix(text.substring(5));
    }
    if ((kind.equals("ssl") || kind.equals("tcp"))
        && port > scheme + 1
        && text.substring(port + 1).matches("[0-9]{1,5}")) {
      String host = text.substring(scheme + 1, port).replaceAll("^\\[|]$", "");
      return new Tcp(host, Integer.parseInt(text.substring(port + 1)), kind.equals("ssl"));
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not an OVSDB address: write ssl:host:port, tcp:host:port or unix:path");
  }
}
