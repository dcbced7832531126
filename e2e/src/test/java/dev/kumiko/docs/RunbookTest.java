package dev.kumiko.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every reason that the operators can give has a page, and the index names every page. */
final class RunbookTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path RUNBOOK = ROOT.resolve("docs/runbook");

  /** Where the reason is the first argument, and where it is the third, behind kind and name. */
  private static final Pattern REASON =
      Pattern.compile(
          "(?:new (?:Rejection|Readiness\\.(?:Stalled|Waiting|Unknown))|Readiness\\.waiting"
              + "|Unavailable\\.because)"
              + "\\(\\s*\"(\\w+)\"\\s*[,)]"
              + "|new Wait\\(\\s*\"?\\w+\"?,\\s*[^,]+,\\s*\"(\\w+)\"");

  @Test
  void everyReasonHasAPage() throws IOException {
    Set<String> reasons = new TreeSet<>();
    try (Stream<Path> sources = Files.walk(ROOT.resolve("operators"))) {
      sources
          .filter(p -> p.toString().contains("/src/main/") && p.toString().endsWith(".java"))
          .forEach(source -> collect(source, reasons));
    }
    assertThat(reasons).hasSizeGreaterThan(20).contains("SubnetOverlap", "NamespaceNotOurs");
    assertThat(reasons)
        .filteredOn(reason -> !Files.exists(RUNBOOK.resolve(reason + ".md")))
        .filteredOn(reason -> !reason.endsWith("NotFound") && !reason.endsWith("NotReady"))
        .as("reasons without a page: write docs/runbook/REASON.md and name it in the index")
        .isEmpty();
  }

  @Test
  void theIndexNamesEveryPage() throws IOException {
    String index = Files.readString(RUNBOOK.resolve("README.md"));
    try (Stream<Path> pages = Files.list(RUNBOOK)) {
      assertThat(pages.map(p -> p.getFileName().toString()).filter(n -> !n.equals("README.md")))
          .allSatisfy(page -> assertThat(index).contains("(" + page + ")"));
    }
  }

  private static void collect(Path source, Set<String> reasons) {
    try {
      REASON
          .matcher(Files.readString(source))
          .results()
          .map(match -> match.group(1) != null ? match.group(1) : match.group(2))
          .forEach(reasons::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
