package dev.kumiko.compute.libvirt;

import java.net.URI;
import java.util.OptionalInt;

/**
 * How a guest is to be moved.
 *
 * @param epoch that the guest was started at
 * @param to name of the Host where it goes
 * @param uri of that host's libvirtd, as its peers reach it
 * @param mebibytesPerSecond what it may take of the network; empty: all
 * @param autoConverge whether a guest that writes faster than it can be copied is slowed down
 * @param postCopy whether it may run there before all of its memory is
 */
public record MigrationOrder(
    long epoch,
    String to,
    URI uri,
    OptionalInt mebibytesPerSecond,
    boolean autoConverge,
    boolean postCopy) {

  /** Hosts that speak TLS with each other also move guests through it. */
  boolean isEncrypted() {
    return String.valueOf(uri.getScheme()).endsWith("+tls");
  }
}
