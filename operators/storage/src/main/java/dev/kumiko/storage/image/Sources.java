package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Rejection;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** Opens what a URL names, if it is allowed: hop by hop, address by address, links followed. */
final class Sources {
  private static final int HOPS = 5;
  private final Resolver resolver;
  private final Predicate<InetAddress> management;

  /**
   * @param management the addresses of the platform itself
   */
  Sources(Resolver resolver, Predicate<InetAddress> management) {
    this.resolver = resolver;
    this.management = management;
  }

  /**
   * The caller closes the content. MAY throw {@link Rejection}; an IOException is worth a retry.
   */
  SourceContent open(String url, AllowedSources allowed) throws IOException {
    URI next = parse(url);
    for (int hop = 0; hop < HOPS; hop++) {
      allowed.check(next);
      if ("file".equalsIgnoreCase(next.getScheme())) {
        if (hop > 0) {
          throw new Rejection("SourceNotAllowed", "source.url redirects to a file");
        }
        return file(Path.of(next.getPath()), allowed);
      }
      HttpSource.Answer answer = new HttpSource(next, allowed, resolver, management).get();
      switch (answer) {
        case HttpSource.Answer.Content content -> {
          return content.content();
        }
        case HttpSource.Answer.Redirect redirect -> next = resolve(next, redirect.location());
      }
    }
    throw new Rejection(
        "TooManyRedirects", "source.url redirects more than " + HOPS + " times: use its target");
  }

  private static SourceContent file(Path path, AllowedSources allowed) throws IOException {
    Path real;
    try {
      real = path.toRealPath();
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + path, e);
    }
    allowed.checkFile(real);
    if (!Files.isRegularFile(real)) {
      throw new Rejection("InvalidSource", "source.url is not a regular file");
    }
    InputStream stream = Files.newInputStream(real);
    return new SourceContent(stream, OptionalLong.of(Files.size(real)), stream);
  }

  private static URI parse(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new Rejection("InvalidSource", "source.url is not a URL: " + e.getReason());
    }
  }

  private static URI resolve(URI from, String location) {
    try {
      return from.resolve(new URI(location)).normalize();
    } catch (URISyntaxException e) {
      throw new Rejection("InvalidSource", "source.url redirects to what is not a URL");
    }
  }
}
