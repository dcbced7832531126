package dev.kumiko.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Documents name only paths and commands that exist. */
final class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** A path in backquotes: it begins with a folder or file of the repository's root. */
  private static final Pattern QUOTED = Pattern.compile("`([A-Za-z.][\\w./-]*)`");

  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[\\w-]+)?\\)");
  private static final Pattern LAB = Pattern.compile("e2e/lab ([a-z]+)");

  static List<Path> documents() throws IOException {
    var documents = new ArrayList<Path>();
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
        Stream<Path> examples = Files.walk(ROOT.resolve("examples"))) {
      Stream.of(top, docs, examples)
          .flatMap(files -> files)
          .filter(file -> file.toString().endsWith(".md"))
          .forEach(documents::add);
    }
    return documents;
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadSomewhere(Path document) throws IOException {
    for (String link : all(LINK, Files.readString(document))) {
      assertThat(document.resolveSibling(link).normalize()).as("link in %s", document).exists();
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void pathsExist(Path document) throws IOException {
    for (String path : all(QUOTED, Files.readString(document))) {
      if (Files.exists(ROOT.resolve(path.replaceFirst("/.*", ""))) && !path.contains("/target/")) {
        assertThat(ROOT.resolve(path)).as("path in %s", ROOT.relativize(document)).exists();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void commandsOfTheLabExist(Path document) throws IOException {
    String lab = Files.readString(ROOT.resolve("e2e/lab"));
    for (String command : all(LAB, Files.readString(document))) {
      assertThat(lab).as("e2e/lab %s", command).contains("\nlab " + command);
    }
  }

  @Test
  void theArchitectureNamesEveryModule() throws IOException {
    String page = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    assertThat(all(Pattern.compile("<module>([^<]+)</module>"), pom))
        .isNotEmpty()
        .allSatisfy(module -> assertThat(page).contains("`" + module + "`"));
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult r) -> r.group(1)).toList();
  }
}
