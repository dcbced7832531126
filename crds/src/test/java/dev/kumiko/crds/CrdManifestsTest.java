package dev.kumiko.crds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is generated from the records is committed, and stays equal to them. */
final class CrdManifestsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path SOURCES = Path.of("src/main/java/dev/kumiko/v1alpha1");
  private static final Path CRDS = ROOT.resolve("charts/kumiko/crds");
  private static final Path REFERENCE = ROOT.resolve("docs/reference");
  private static final String UPDATE = "./mvnw -pl crds test -Dkumiko.update=true";

  private static final Map<Path, String> GENERATED = new TreeMap<>();

  @BeforeAll
  static void generate() throws IOException {
    SourceComments comments = SourceComments.of(SOURCES);
    for (var kind : Kinds.ALL) {
      CrdManifest manifest = CrdManifest.of(kind, comments);
      GENERATED.put(CRDS.resolve(manifest.fileName()), manifest.yaml());
      GENERATED.put(
          REFERENCE.resolve(ReferencePage.fileName(manifest)), ReferencePage.of(manifest));
    }
    if (Boolean.getBoolean("kumiko.update")) {
      for (var file : GENERATED.entrySet()) {
        Files.createDirectories(file.getKey().getParent());
        Files.writeString(file.getKey(), file.getValue());
      }
    }
  }

  @Test
  void committedFilesAreWhatTheRecordsSay() throws IOException {
    for (var file : GENERATED.entrySet()) {
      assertThat(file.getKey()).as("missing; regenerate with: %s", UPDATE).exists();
      assertThat(Files.readString(file.getKey()))
          .as("%s is out of date; regenerate with: %s", ROOT.relativize(file.getKey()), UPDATE)
          .isEqualTo(file.getValue());
    }
  }

  @Test
  void noFileIsLeftOfAKindThatIsGone() throws IOException {
    for (Path directory : new Path[] {CRDS, REFERENCE}) {
      try (Stream<Path> files = Files.list(directory)) {
        assertThat(files.collect(Collectors.toSet()))
            .as("delete what no kind makes in %s", ROOT.relativize(directory))
            .allMatch(GENERATED::containsKey);
      }
    }
  }

  @Test
  void everyKindOfThePackageIsGenerated() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      var declared =
          files
              .filter(CrdManifestsTest::declaresKind)
              .map(p -> p.getFileName().toString().replace(".java", ""))
              .collect(Collectors.toSet());
      assertThat(Kinds.ALL.stream().map(Class::getSimpleName)).hasSameElementsAs(declared);
    }
  }

  @Test
  void everyFieldIsDescribed() {
    GENERATED.forEach((file, text) ->
        assertThat(text)
            .as("%s: a field without @JsonPropertyDescription", file.getFileName())
            .doesNotContain("| string |  |", "| integer |  |", ", required |  |"));
  }

  private static boolean declaresKind(Path source) {
    try {
      return Files.readString(source).contains("extends CustomResource<");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
