package dev.kumiko.storage.image;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.Timeout;

/**
 * One GET of one URL. The host is looked up once, every address is checked, and the connection goes
 * to those very addresses, so that a second answer of the name server cannot change the target.
 */
final class HttpSource {
  private static final Timeout CONNECT = Timeout.ofSeconds(10);
  private static final Timeout SILENCE = Timeout.of(30, TimeUnit.SECONDS);

  /** What the server says. */
  sealed interface Answer {
    /** Here it is. */
    record Content(SourceContent content) implements Answer {}

    /** It is elsewhere. */
    record Redirect(String location) implements Answer {}
  }

  private final URI url;
  private final AllowedSources allowed;
  private final Resolver resolver;
  private final Predicate<InetAddress> management;

  HttpSource(
      URI url, AllowedSources allowed, Resolver resolver, Predicate<InetAddress> management) {
    this.management = management;
    this.url = url;
    this.allowed = allowed;
    this.resolver = resolver;
  }

  @SuppressWarnings("MustBeClosedChecker") // the content closes the response and the client
  Answer get() throws IOException {
    CloseableHttpClient client = client();
    boolean handedOver = false;
    try {
      HttpGet request = new HttpGet(url);
      request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
      ClassicHttpResponse response = client.executeOpen(HttpHost.create(url), request, null);
      Answer answer = answer(client, response);
      handedOver = answer instanceof Answer.Content;
      return answer;
    } catch (SSLException e) {
      throw new IOException(
          "%s: %s (its authority may be listed in the StoragePool's imageCertificates)"
              .formatted(url.getHost(), e.getMessage()),
          e);
    } finally {
      if (!handedOver) {
        client.close();
      }
    }
  }

  private Answer answer(CloseableHttpClient client, ClassicHttpResponse response)
      throws IOException {
    int status = response.getCode();
    if (status >= 300 && status < 400) {
      Header location = response.getFirstHeader(HttpHeaders.LOCATION);
      if (location == null) {
        throw new IOException("answered " + status + " without a location");
      }
      return new Answer.Redirect(location.getValue());
    }
    if (status != 200 || response.getEntity() == null) {
      throw new IOException(url.getHost() + " answered " + status);
    }
    long length = response.getEntity().getContentLength();
    InputStream stream = new PacedStream(response.getEntity().getContent(), InstantSource.system());
    return new Answer.Content(
        new SourceContent(
            stream, length < 0 ? OptionalLong.empty() : OptionalLong.of(length), client));
  }

  private CloseableHttpClient client() {
    PoolingHttpClientConnectionManagerBuilder connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(new CheckedAddresses())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(CONNECT)
                    .setSocketTimeout(SILENCE)
                    .build());
    if ("https".equalsIgnoreCase(url.getScheme())) {
      connections.setTlsSocketStrategy(
          ClientTlsStrategyBuilder.create()
              .setSslContext(allowed.certificates().context())
              .buildClassic());
    }
    return HttpClientBuilder.create()
        .disableRedirectHandling()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableAutomaticRetries()
        .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(SILENCE).build())
        .setConnectionManager(connections.build())
        .build();
  }

  /** Gives the client only addresses that were checked. */
  private final class CheckedAddresses implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      List<InetAddress> addresses = resolver.resolve(host.replaceAll("^\\[|]$", ""));
      addresses.forEach(address -> allowed.check(url, address, management));
      return addresses.toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
