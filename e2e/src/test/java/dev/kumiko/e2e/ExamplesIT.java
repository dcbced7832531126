package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A reader copies an example and the API server takes it, with every CEL rule and policy. */
@Order(12)
@ExtendWith(Evidence.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExamplesIT {
  /** Hand-overs are made by operators only. */
  private static final Map<String, String> MAKERS =
      Map.of(
          "attachment.yaml", "compute",
          "fence.yaml", "compute",
          "claim.yaml", "network",
          "vrf.yaml", "tenancy");

  private final Cloud cloud = new Cloud();

  @BeforeAll
  void theQuickstartIsApplied() {
    Quickstart.ready(cloud);
  }

  @AfterAll
  void close() {
    cloud.close();
  }

  static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.list(Lab.examples())) {
      return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void isAccepted(Path manifest) throws IOException {
    String maker = MAKERS.get(manifest.getFileName().toString());
    String user = maker == null ? "" : "--as=system:serviceaccount:kumiko-system:kumiko-" + maker;
    String[] arguments =
        Stream.of("create", "--dry-run=server", "--validate=strict", user, "-f", "-")
            .filter(argument -> !argument.isEmpty())
            .toArray(String[]::new);
    Shell.Answer answer = cloud.tryKubectl(renamed(Files.readString(manifest)), arguments);
    assertThat(answer.output()).contains("(server dry run)");
    assertThat(answer.ok()).as(answer.output()).isTrue();
  }

  /** Beside the lab's own objects of these names. */
  private static String renamed(String manifest) {
    return manifest.replaceAll(
        "(?m)^  name: (main|vms|globex|small|backend)$", "  name: example-$1");
  }
}
