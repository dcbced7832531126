package dev.kumiko.compute.power;

import dev.kumiko.reconcile.Rejection;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a power controller listens: every request goes there and nowhere else.
 *
 * @param origin scheme, host and port
 */
record RedfishUrl(URI origin) {
  /**
   * @throws Rejection for everything but an https URL with a host
   */
  static RedfishUrl https(String url) {
    return parsed(url)
        .filter(uri -> "https".equalsIgnoreCase(uri.getScheme()))
        .map(RedfishUrl::new)
        .orElseThrow(() ->
            new Rejection(
                "PowerOffFailed",
                "the url of the Host's fencing is no address of a power controller: it must be"
                    + " https:// and a host, and no account"));
  }

  /** Without TLS, and on this machine only: for tests. */
  static RedfishUrl loopback(String url) {
    return parsed(url)
        .filter(uri -> InetAddress.ofLiteral(uri.getHost()).isLoopbackAddress())
        .map(RedfishUrl::new)
        .orElseThrow(() -> new IllegalArgumentException(url));
  }

  private static Optional<URI> parsed(String url) {
    try {
      URI uri = new URI(url);
      return uri.getHost() == null || uri.getRawUserInfo() != null
          ? Optional.empty()
          : Optional.of(new URI(uri.getScheme(), uri.getRawAuthority(), "/", null, null));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  URI system(String id) {
    return origin.resolve("/redfish/v1/Systems/" + segment(id));
  }

  /** Where a reference of the power controller's leads; empty: to somebody else. */
  Optional<URI> reference(String text) {
    try {
      return Optional.of(origin.resolve(new URI(text)))
          .filter(
              target -> target.getRawUserInfo() == null && origin(target).equals(origin(origin)));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String origin(URI uri) {
    int port = uri.getPort() < 0 && "https".equalsIgnoreCase(uri.getScheme()) ? 443 : uri.getPort();
    return (uri.getScheme() + "://" + uri.getHost() + ":" + port).toLowerCase(Locale.ROOT);
  }

  /** One part of a path, whatever is in it. */
  private static String segment(String text) {
    if (text.matches("\\.{0,2}")) {
      throw new Rejection("PowerOffFailed", "'" + text + "' is no id of a machine");
    }
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
