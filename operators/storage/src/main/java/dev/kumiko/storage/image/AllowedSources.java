package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Rejection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which URLs an Image may come from, and which addresses their hosts may have.
 *
 * <p>With no prefixes, any http(s) URL at the usual port whose host has only public addresses. With
 * prefixes, only what starts with one of them; its host may then have private addresses too, but
 * loopback and link-local ones, and those of the platform itself, only if the prefix itself names
 * that address or {@code localhost}.
 *
 * @param certificates by whom https sources may be signed
 */
record AllowedSources(List<URI> prefixes, Certificates certificates) {

  AllowedSources {
    prefixes = List.copyOf(prefixes);
  }

  static AllowedSources of(List<String> prefixes, Certificates certificates) {
    return new AllowedSources(prefixes.stream().map(AllowedSources::normal).toList(), certificates);
  }

  /** Refuses a URL that no prefix covers. */
  void check(URI url) {
    checkForm(url);
    if (prefixes.isEmpty() ? isFile(url) || !isUsualPort(url) : prefixFor(url).isEmpty()) {
      throw notAllowed(
          url.getScheme()
              + "://"
              + Optional.ofNullable(url.getHost()).orElse("")
              + (isUsualPort(url) ? "" : ":" + url.getPort())
              + " is not listed");
    }
  }

  /**
   * Refuses an address that the host of an allowed URL must not have; without telling it, since
   * tenants may not know it.
   *
   * @param management the addresses of the platform itself
   */
  void check(URI url, InetAddress address, Predicate<InetAddress> management) {
    AddressScope scope = AddressScope.of(address);
    boolean named = prefixFor(url).map(prefix -> namesAddress(prefix, address)).orElse(false);
    boolean allowed =
        switch (scope) {
          case PUBLIC -> true;
          case PRIVATE -> prefixFor(url).isPresent();
          case LOCAL -> named;
          case INVALID -> false;
        };
    if (!allowed) {
      throw notAllowed(
          "%s has a %s address".formatted(url.getHost(), scope.name().toLowerCase(Locale.ROOT)));
    }
    if (!named && management.test(address)) {
      throw notAllowed(url.getHost() + " has an address that belongs to the platform");
    }
  }

  /** Refuses a file that lies, links followed, outside of every listed directory. */
  void checkFile(Path real) {
    boolean listed =
        prefixes.stream()
            .filter(AllowedSources::isFile)
            .anyMatch(prefix -> real.startsWith(Path.of(prefix.getPath())));
    if (!listed) {
      throw notAllowed("the file leads out of the listed directories");
    }
  }

  private Optional<URI> prefixFor(URI url) {
    return prefixes.stream().filter(prefix -> covers(prefix, url)).findFirst();
  }

  private static boolean covers(URI prefix, URI url) {
    return prefix.getScheme().equalsIgnoreCase(url.getScheme())
        && host(prefix).equals(host(url))
        && port(prefix) == port(url)
        && underPath(prefix.getPath(), url.getPath());
  }

  private static boolean underPath(String prefix, String path) {
    return path.equals(prefix) || path.startsWith(prefix.endsWith("/") ? prefix : prefix + "/");
  }

  private static void checkForm(URI url) {
    String scheme = Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    if (!List.of("http", "https", "file").contains(scheme)) {
      throw invalid("its scheme must be http, https or file");
    }
    if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
      throw invalid("it must not contain a user or a fragment");
    }
    String path = Optional.ofNullable(url.getPath()).orElse("");
    String raw = Optional.ofNullable(url.getRawPath()).orElse("").toLowerCase(Locale.ROOT);
    if (raw.contains("%2f") || raw.contains("%5c") || raw.contains("%00") || path.contains("\\")) {
      throw invalid("its path must not contain encoded slashes");
    }
    if (List.of(path.split("/", -1)).contains("..") || !url.normalize().equals(url)) {
      throw invalid("its path must not contain . or .. segments");
    }
    if (isFile(url) ? !host(url).isEmpty() : host(url).isEmpty()) {
      throw invalid(isFile(url) ? "write file:///PATH" : "it has no host");
    }
  }

  private static URI normal(String prefix) {
    URI uri;
    try {
      uri = URI.create(prefix);
    } catch (IllegalArgumentException e) {
      throw new Rejection(
          "InvalidImageSources",
          "the StoragePool's imageSources has an entry that is not a URL: " + prefix);
    }
    return uri.getPath().isEmpty() ? uri.resolve("/") : uri.normalize();
  }

  /** A name is resolved anew each time, so only a literal address (or localhost) names it. */
  private static boolean namesAddress(URI prefix, InetAddress address) {
    String host = host(prefix).replaceAll("^\\[|]$", "");
    return (host.equals("localhost") && address.isLoopbackAddress())
        || host.equals(address.getHostAddress().toLowerCase(Locale.ROOT));
  }

  private static boolean isFile(URI url) {
    return "file".equalsIgnoreCase(url.getScheme());
  }

  private static String host(URI url) {
    return Optional.ofNullable(url.getHost()).orElse("").toLowerCase(Locale.ROOT);
  }

  private static boolean isUsualPort(URI url) {
    return isFile(url) || port(url) == 80 || port(url) == 443;
  }

  private static int port(URI url) {
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
  }

  private static Rejection notAllowed(String why) {
    return new Rejection(
        "SourceNotAllowed",
        "source.url is not allowed: "
            + why
            + "; use an allowed source, or ask the platform team to list it in the StoragePool's imageSources");
  }

  private static Rejection invalid(String why) {
    return new Rejection("InvalidSource", "source.url is not valid: " + why);
  }
}
