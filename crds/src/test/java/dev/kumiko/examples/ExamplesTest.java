package dev.kumiko.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every example is valid, and every kind has one. */
final class ExamplesTest {
  private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();
  private static final YAMLMapper YAML = new YAMLMapper();
  private static ManifestSchemas schemas;

  @BeforeAll
  static void read() throws IOException {
    schemas = ManifestSchemas.of(Path.of("../charts/kumiko/crds"));
  }

  static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.walk(EXAMPLES)) {
      return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void isValid(Path manifest) throws IOException {
    List<JsonNode> documents = documents(Files.readString(manifest));
    assertThat(documents).isNotEmpty();
    for (JsonNode document : documents) {
      if (document.path("apiVersion").asText().equals("kumiko.dev/v1alpha1")) {
        assertThat(schemas.complaints(document))
            .as("%s %s", document.path("kind"), document.at("/metadata/name"))
            .isEmpty();
      }
    }
  }

  @Test
  void everyKindHasOne() throws IOException {
    for (String kind : schemas.kinds()) {
      Path example = EXAMPLES.resolve(kind.toLowerCase(Locale.ROOT) + ".yaml");
      assertThat(example).exists();
      assertThat(documents(Files.readString(example)))
          .anyMatch(d -> d.path("kind").asText().equals(kind));
    }
  }

  @Test
  void theQuickstartDeclaresItsNamespacesBeforeWhatIsInThem() throws IOException {
    var documents = new java.util.ArrayList<JsonNode>();
    for (Path file : manifests()) {
      if (file.startsWith(EXAMPLES.resolve("quickstart"))) {
        documents.addAll(documents(Files.readString(file)));
      }
    }
    var seen = new java.util.HashSet<String>();
    for (JsonNode document : documents) {
      String namespace = document.at("/metadata/namespace").asText();
      assertThat(namespace.isEmpty() || seen.contains(namespace)).as(namespace).isTrue();
      if (document.path("kind").asText().equals("Namespace")) {
        seen.add(document.at("/metadata/name").asText());
      }
    }
    assertThat(documents.stream().filter(d -> d.path("kind").asText().equals("VirtualMachine")))
        .hasSize(4);
  }

  /** So that a broken schema does not find everything valid. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{pool: vms, size: 1Gi, colour: red}",
        "{size: 1Gi}",
        "{pool: vms, size: 1GB}",
        "{pool: VMS, size: 1Gi}",
        "{pool: vms, size: 1Gi, deletionPolicy: Keep}",
        "{pool: vms, size: 1}",
      })
  void aBadVolumeIsFound(String spec) throws IOException {
    JsonNode volume =
        YAML.readTree(
            "{apiVersion: kumiko.dev/v1alpha1, kind: Volume, metadata: {}, spec: " + spec + "}");
    assertThat(schemas.complaints(volume)).isNotEmpty();
  }

  /** The values that {@code e2e/lab render} fills in, here any valid ones. */
  private static List<JsonNode> documents(String text) throws IOException {
    String filled =
        text.replace("${GUEST_IMAGE_URL}", "file:///images/tiny.img")
            .replace("${GUEST_IMAGE_CHECKSUM}", "sha256:" + "0".repeat(64))
            .replace("${SSH_PUBLIC_KEY}", "ssh-ed25519 AAAA somebody");
    assertThat(filled).doesNotContain("${");
    try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(filled)) {
      return values.readAll();
    }
  }
}
