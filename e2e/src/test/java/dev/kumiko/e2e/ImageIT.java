package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk in qcow2, from a web server that the platform team allows, boots. */
@Order(28)
@ExtendWith(Evidence.class)
final class ImageIT {
  private static final String LAB_ADDRESS = "10.77.0.1";
  private final Cloud cloud = new Cloud();
  private final Path folder = Path.of(Lab.environment().getOrDefault("KUMIKO_LAB", ""), "guest");
  private final HttpServer server;
  private List<String> sources = List.of();

  ImageIT() throws IOException {
    server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(LAB_ADDRESS, 0), folder.toRealPath(), OutputLevel.NONE);
  }

  @BeforeEach
  void theServerIsAllowed() {
    Quickstart.ready(cloud);
    server.start();
    sources = cloud.get(StoragePool.class, "", "vms").orElseThrow().getSpec().imageSources();
    allow(java.util.stream.Stream.concat(sources.stream(), List.of(url("")).stream()).toList());
  }

  @AfterEach
  void close() {
    cloud.kubectl("", "-n", "acme", "delete", "vm,image", "-l", "story=image");
    allow(sources);
    server.stop(0);
    cloud.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny.qcow2", "tiny-compressed.qcow2"})
  void bootsFrom(String file) throws IOException, NoSuchAlgorithmException {
    cloud.kubectl(manifest(file), "apply", "-f", "-");
    Image image = cloud.until(Image.class, "acme", "fetched", Quickstart.PATIENCE, Cloud::isReady);
    assertThat(image.observed().size()).isEqualTo("64Mi");
    VirtualMachine machine =
        cloud.until(VirtualMachine.class, "acme", "fetched", Quickstart.PATIENCE, Cloud::isReady);
    assertThat(new Guest(machine).boots()).isEqualTo(1);
  }

  private String url(String file) {
    return "http://" + LAB_ADDRESS + ":" + server.getAddress().getPort() + "/" + file;
  }

  private void allow(List<String> prefixes) {
    String list = prefixes.stream().map(p -> '"' + p + '"').collect(Collectors.joining(","));
    cloud.patch("", "storagepool", "vms", "{\"spec\":{\"imageSources\":[" + list + "]}}");
  }

  private String manifest(String file) throws IOException, NoSuchAlgorithmException {
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
        .formatted(url(file), HexFormat.of().formatHex(digest));
  }
}
