package dev.kumiko.compute.libvirt;

/** There is no connection to a host, or none any more. */
final class ConnectionLost extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Link.Sign sign;

  ConnectionLost(Link.Sign sign, String message) {
    super(message);
    this.sign = sign;
  }

  Link.Sign sign() {
    return sign;
  }
}
