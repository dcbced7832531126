package dev.kumiko.compute.domainxml;

/** Where a Ceph monitor listens. */
public record Monitor(String host, int port) {
  /** Reads {@code address:port}; an IPv6 address stands in brackets. */
  public static Monitor parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("not address:port: " + text);
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new Monitor(host, Integer.parseInt(text.substring(colon + 1)));
  }
}
