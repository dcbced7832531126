package dev.kumiko.compute.libvirt;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a host's libvirtd listens.
 *
 * @param host the Host's name
 * @param uri as libvirt understands it
 * @param pki folder with {@code cacert.pem}, {@code clientcert.pem} and {@code clientkey.pem}
 */
public record HostAddress(String host, URI uri, Optional<Path> pki) {
  private static final Map<String, Integer> PORTS = Map.of("tls", 16514, "tcp", 16509);

  /** The URI with the folder of certificates (libvirt.org/uri.html, parameter pkipath). */
  String connectUri() {
    String text = uri.toString();
    return pki.map(folder ->
            text
                + (uri.getRawQuery() == null ? "?" : "&")
                + "pkipath="
                + URLEncoder.encode(folder.toString(), StandardCharsets.UTF_8).replace("%2F", "/"))
        .orElse(text);
  }

  /** The TCP port behind it; empty when the connection is local. */
  Optional<InetSocketAddress> socket() {
    String scheme = uri.getScheme();
    Integer port = PORTS.get(scheme.substring(scheme.indexOf('+') + 1));
    if (port == null || uri.getHost() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new InetSocketAddress(uri.getHost(), uri.getPort() > 0 ? uri.getPort() : port));
  }
}
