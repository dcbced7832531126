package dev.kumiko.compute.libvirt;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Real hosts for tests: {@code KUMIKO_HOSTS} lists {@code name=uri} (or bare URIs), separated by
 * spaces or commas; {@code KUMIKO_PKI} is the folder with client certificates.
 */
final class LabHosts {
  private LabHosts() {}

  static List<HostAddress> all() {
    String hosts = Optional.ofNullable(System.getenv("KUMIKO_HOSTS")).orElse("");
    Optional<Path> pki = Optional.ofNullable(System.getenv("KUMIKO_PKI")).map(Path::of);
    return Stream.of(hosts.split("[\\s,]+"))
        .filter(h -> !h.isBlank())
        .map(h -> address(h, pki))
        .toList();
  }

  private static HostAddress address(String entry, Optional<Path> pki) {
    int colon = entry.indexOf(':');
    int equals = entry.indexOf('=');
    boolean named = equals > 0 && equals < colon;
    URI uri = URI.create(named ? entry.substring(equals + 1) : entry);
    return new HostAddress(
        named ? entry.substring(0, equals) : "host",
        uri,
        pki.filter(p -> String.valueOf(uri.getScheme()).endsWith("+tls")));
  }
}
