package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad manifests are refused at once, or reported on the object, with the field and the mend. */
@Order(10)
@ExtendWith(Evidence.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputIT {
  private static final Path MANIFESTS = Lab.repository().resolve("e2e/badinput");
  private final Cloud cloud = new Cloud();
  private List<Guest> guests = List.of();

  @BeforeAll
  void theQuickstartIsApplied() {
    guests = Quickstart.ready(cloud);
  }

  @AfterAll
  void close() {
    cloud.close();
  }

  static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.list(MANIFESTS)) {
      return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @Test
  void thereAreAtLeastForty() throws IOException {
    assertThat(manifests()).hasSizeGreaterThanOrEqualTo(40);
  }

  /**
   * The first comment lines of a manifest: {@code # expect: words of the message}, each of which
   * must be said.
   */
  @ParameterizedTest
  @MethodSource("manifests")
  void isRefusedOrReported(Path manifest) throws IOException {
    String text = Files.readString(manifest);
    List<String> expected =
        text.lines()
            .filter(l -> l.startsWith("# expect: "))
            .map(l -> l.substring("# expect: ".length()).strip())
            .toList();
    assertThat(expected).as("# expect: lines of %s", manifest.getFileName()).isNotEmpty();
    Shell.Answer answer = cloud.tryKubectl(text, "apply", "-f", "-");
    if (answer.ok()) {
      try {
        Cloud.await(
            Duration.ofSeconds(30),
            () -> "not reported: " + reported(manifest),
            () -> expected.stream().allMatch(reported(manifest)::contains));
      } finally {
        assertThat(cloud.tryKubectl(text, "delete", "--timeout=50s", "-f", "-").output())
            .contains("deleted")
            .doesNotContain("timed out");
      }
    } else {
      assertThat(answer.output()).contains(expected);
    }
  }

  /** Comes last: what was refused has disturbed nothing and nobody. */
  @Test
  @Order(Integer.MAX_VALUE)
  void theOperatorsAreHealthyAndOtherObjectsGoOn() {
    assertThat(Lab.run("status")).contains("operators   ok").doesNotContain("DOWN");
    for (String operator : List.of("tenancy", "network", "storage", "compute")) {
      assertThat(Lab.run("log", "operator-" + operator)).doesNotContain("started again");
    }
    cloud.untilAllReady(VirtualMachine.class, Quickstart.MACHINES, Duration.ofSeconds(10));
    assertThat(guests.stream().map(Guest::boots)).containsOnly(1);
  }

  private String reported(Path manifest) {
    return cloud
        .tryKubectl("", "get", "-o", "jsonpath={.status.conditions}", "-f", manifest.toString())
        .output();
  }
}
