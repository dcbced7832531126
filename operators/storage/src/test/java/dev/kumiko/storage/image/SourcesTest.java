package dev.kumiko.storage.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.kumiko.reconcile.Rejection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourcesTest {
  private static final String PASSWORD = "not a secret";
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @TempDir Path directory;
  private HttpServer server;
  private String base;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    base = "http://127.0.0.1:" + server.getAddress().getPort();
    answer("/content", 200, "the disk");
    redirect("/once", "/content");
    redirect("/outside", "http://10.77.0.1:9/secret");
    redirect("/loop", "/loop");
    redirect("/file", "file:///etc/passwd");
    answer("/missing", 404, "no");
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void readsWhatAListedServerGives() throws IOException {
    assertThat(read(base + "/content", allowingServer())).isEqualTo("the disk");
  }

  @Test
  void followsARedirectToAnAllowedUrl() throws IOException {
    assertThat(read(base + "/once", allowingServer())).isEqualTo("the disk");
  }

  @Test
  void refusesARedirectToWhatIsNotListed() {
    refused("SourceNotAllowed", base + "/outside", allowingServer(), Resolver.system());
  }

  @Test
  void refusesARedirectToAFileEvenIfFilesAreListed() {
    AllowedSources both =
        AllowedSources.of(List.of(base + "/", "file:///etc/"), Certificates.PUBLIC);
    refused("SourceNotAllowed", base + "/file", both, Resolver.system());
  }

  @Test
  void refusesARedirectThatDoesNotEnd() {
    refused("TooManyRedirects", base + "/loop", allowingServer(), Resolver.system());
  }

  @Test
  void refusesAPublicNameWithALoopbackAddress() {
    refused(
        "SourceNotAllowed",
        "http://images.example.org/a",
        AllowedSources.of(List.of(), Certificates.PUBLIC),
        host -> List.of(LOOPBACK));
  }

  @Test
  void refusesANameOfWhoseAddressesOneIsPrivate() {
    refused(
        "SourceNotAllowed",
        "http://images.example.org/a",
        AllowedSources.of(List.of(), Certificates.PUBLIC),
        host -> List.of(InetAddress.ofLiteral("1.2.3.4"), InetAddress.ofLiteral("10.0.0.1")));
  }

  @Test
  void connectsToTheAddressThatWasCheckedWhateverTheNameServerSaysNext() throws IOException {
    int port = server.getAddress().getPort();
    Deque<InetAddress> answers =
        new ArrayDeque<>(List.of(LOOPBACK, InetAddress.ofLiteral("10.0.0.1")));
    AllowedSources named =
        AllowedSources.of(List.of("http://localhost:" + port + "/"), Certificates.PUBLIC);
    Sources sources = new Sources(host -> List.of(answers.remove()), _ -> false);
    try (SourceContent content = sources.open("http://localhost:" + port + "/content", named)) {
      assertThat(content.stream().readAllBytes()).hasSize(8);
    }
    assertThat(answers).hasSize(1);
  }

  @Test
  void aMissingFileOnTheServerIsWorthARetry() {
    assertThatThrownBy(() -> read(base + "/missing", allowingServer()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("404");
  }

  @Test
  void readsAListedFileAndKnowsItsLength() throws IOException {
    Files.writeString(directory.resolve("a.raw"), "from a file");
    AllowedSources files =
        AllowedSources.of(List.of("file://" + directory + "/"), Certificates.PUBLIC);
    try (SourceContent content =
        new Sources(Resolver.system(), _ -> false).open("file://" + directory + "/a.raw", files)) {
      assertThat(content.lengthBytes()).hasValue(11);
      assertThat(content.stream().readAllBytes()).hasSize(11);
    }
  }

  @Test
  void refusesALinkThatLeadsOutOfTheListedDirectory() throws IOException {
    Path inside = Files.createDirectory(directory.resolve("images"));
    Path secret = Files.writeString(directory.resolve("secret"), "secret");
    Files.createSymbolicLink(inside.resolve("a.raw"), secret);
    AllowedSources files =
        AllowedSources.of(List.of("file://" + inside + "/"), Certificates.PUBLIC);
    refused("SourceNotAllowed", "file://" + inside + "/a.raw", files, Resolver.system());
  }

  @Test
  void refusesWhatIsNotARegularFile() {
    AllowedSources devices = AllowedSources.of(List.of("file:///dev/"), Certificates.PUBLIC);
    refused("InvalidSource", "file:///dev/zero", devices, Resolver.system());
  }

  @Test
  void trustsOnlyTheListedAuthorityOfAnHttpsServer()
      throws IOException, GeneralSecurityException, InterruptedException {
    KeyStore store = selfSigned();
    HttpsServer https = HttpsServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(context(store)));
    https.createContext("/content", exchange -> respond(exchange, 200, "the secret disk"));
    https.start();
    try {
      String url = "https://127.0.0.1:" + https.getAddress().getPort() + "/content";
      Certificates listed = new Certificates(pem(store.getCertificate("server")));
      assertThat(read(url, AllowedSources.of(List.of(url), listed))).isEqualTo("the secret disk");
      assertThatThrownBy(() -> read(url, AllowedSources.of(List.of(url), Certificates.PUBLIC)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("imageCertificates");
    } finally {
      https.stop(0);
    }
  }

  @Test
  void saysThatACertificateIsNone() {
    AllowedSources broken =
        AllowedSources.of(
            List.of("https://127.0.0.1/"),
            new Certificates("-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----"));
    refused("InvalidImageCertificates", "https://127.0.0.1/a", broken, Resolver.system());
  }

  private KeyStore selfSigned() throws IOException, GeneralSecurityException, InterruptedException {
    Path file = directory.resolve("server.p12");
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process keytool =
        new ProcessBuilder(
                List.of(
                    tool,
                    "-genkeypair",
                    "-keyalg",
                    "EC",
                    "-alias",
                    "server",
                    "-dname",
                    "CN=server",
                    "-ext",
                    "san=ip:127.0.0.1",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    PASSWORD))
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor()).isZero();
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  private static SSLContext context(KeyStore store) throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static String pem(Certificate certificate) throws GeneralSecurityException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  private AllowedSources allowingServer() {
    return AllowedSources.of(List.of(base + "/"), Certificates.PUBLIC);
  }

  private static String read(String url, AllowedSources allowed) throws IOException {
    try (SourceContent content = new Sources(Resolver.system(), _ -> false).open(url, allowed)) {
      return new String(content.stream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void refused(
      String reason, String url, AllowedSources allowed, Resolver resolver) {
    assertThatThrownBy(() -> new Sources(resolver, _ -> false).open(url, allowed).close())
        .isInstanceOfSatisfying(
            Rejection.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  private void answer(String path, int status, String body) {
    server.createContext(path, exchange -> respond(exchange, status, body));
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void redirect(String path, String target) {
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Location", target);
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
  }
}
