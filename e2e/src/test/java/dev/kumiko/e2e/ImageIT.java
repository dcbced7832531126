package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import com.sun.net.httpserver.SimpleFileServer;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A disk in qcow2, from a web server that the platform team allows and trusts, boots. */
@Order(28)
@ExtendWith(Evidence.class)
final class ImageIT {
  private static final String LAB_ADDRESS = "10.77.0.1";
  private final Cloud cloud = new Cloud();
  private static final String PASSWORD = "of a file that is gone at once";
  private static final Path LAB = Path.of(Lab.environment().getOrDefault("KUMIKO_LAB", ""));
  private static final Path PKI = LAB.resolve("pki");
  private final Path folder = LAB.resolve("guest");
  private final Map<String, HttpServer> servers;
  private List<String> sources = List.of();

  ImageIT() throws IOException, GeneralSecurityException {
    HttpsServer https = HttpsServer.create(new InetSocketAddress(LAB_ADDRESS, 0), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(certificate()));
    servers =
        Map.of("http", HttpServer.create(new InetSocketAddress(LAB_ADDRESS, 0), 0), "https", https);
    HttpHandler files = SimpleFileServer.createFileHandler(folder.toRealPath());
    servers.values().forEach(server -> server.createContext("/", files));
  }

  @BeforeEach
  void theServersAreAllowed() throws IOException {
    Quickstart.ready(cloud);
    servers.values().forEach(HttpServer::start);
    sources = cloud.get(StoragePool.class, "", "vms").orElseThrow().getSpec().imageSources();
    allow(
        Stream.concat(sources.stream(), servers.keySet().stream().map(scheme -> url(scheme, "")))
            .toList(),
        Files.readString(PKI.resolve("ca.crt")));
  }

  @AfterEach
  void close() {
    cloud.kubectl("", "-n", "acme", "delete", "vm,image", "-l", "story=image");
    allow(sources, null);
    servers.values().forEach(server -> server.stop(0));
    cloud.close();
  }

  @ParameterizedTest
  @CsvSource({"http, tiny.qcow2", "https, tiny-compressed.qcow2"})
  void bootsFrom(String scheme, String file) throws IOException, NoSuchAlgorithmException {
    cloud.kubectl(manifest(scheme, file), "apply", "-f", "-");
    Image image = cloud.until(Image.class, "acme", "fetched", Quickstart.PATIENCE, Cloud::isReady);
    assertThat(image.observed().size()).isEqualTo("64Mi");
    VirtualMachine machine =
        cloud.until(VirtualMachine.class, "acme", "fetched", Quickstart.PATIENCE, Cloud::isReady);
    assertThat(new Guest(machine).boots()).isEqualTo(1);
  }

  private String url(String scheme, String file) {
    int port = Objects.requireNonNull(servers.get(scheme)).getAddress().getPort();
    return scheme + "://" + LAB_ADDRESS + ":" + port + "/" + file;
  }

  private void allow(List<String> prefixes, @Nullable String certificates) {
    ObjectNode patch = new ObjectMapper().createObjectNode();
    ObjectNode spec = patch.putObject("spec").put("imageCertificates", certificates);
    prefixes.forEach(spec.putArray("imageSources")::add);
    cloud.patch("", "storagepool", "vms", patch.toString());
  }

  /** That of the lab's API server is for the lab's own address, too. */
  private static SSLContext certificate() throws IOException, GeneralSecurityException {
    Path store = Files.createTempFile("server", ".p12");
    try {
      Shell.Answer made =
          Lab.shell()
              .ask(
                  Duration.ofSeconds(10),
                  "",
                  "openssl",
                  "pkcs12",
                  "-export",
                  "-in",
                  PKI.resolve("apiserver.crt").toString(),
                  "-inkey",
                  PKI.resolve("apiserver.key").toString(),
                  "-passout",
                  "pass:" + PASSWORD,
                  "-out",
                  store.toString());
      assertThat(made.ok()).as(made.output()).isTrue();
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(
          KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } finally {
      Files.delete(store);
    }
  }

  private String manifest(String scheme, String file) throws IOException, NoSuchAlgorithmException {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(folder.resolve(file)));
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: Image
    metadata: {name: fetched, namespace: acme, labels: {story: image}}
    spec:
      pool: vms
      format: Qcow2
      source: {url: "%s", checksum: "sha256:%s"}
    ---
    apiVersion: kumiko.dev/v1alpha1
    kind: VirtualMachine
    metadata: {name: fetched, namespace: acme, labels: {story: image}}
    spec:
      instanceType: tiny
      disks: [{name: root, template: {pool: vms, image: fetched}}]
      interfaces: [{name: eth0, network: web}]
      cloudInit: {hostname: fetched}
      readiness: {tcpPort: 80}
    """
        .formatted(url(scheme, file), HexFormat.of().formatHex(digest));
  }
}
