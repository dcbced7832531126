package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The lab's command line as people use it, from the demo to nothing being left on the machine.
 * Comes last: it takes the lab down.
 */
@Order(900)
@ExtendWith(Evidence.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LabIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String SECOND_CLONE =
      "clone=$(mktemp -d) && mkdir $clone/e2e && cp -r $1/e2e/lab $1/e2e/parts $clone/e2e && $clone/e2e/lab up; exit=$?;"
          + " rm -rf $clone; exit $exit";
  private static final Path BEFORE = Path.of("/var/tmp/kumiko-lab/before");
  private String before = "";
  private String demo = "";
  private Shell.Answer second = new Shell.Answer(0, "");

  @BeforeAll
  void theDemoRuns() throws IOException {
    demo = Lab.run(PATIENCE, "demo");
    before = Files.readString(BEFORE);
    second =
        new Shell(Map.of())
            .ask(PATIENCE, "", "bash", "-c", SECOND_CLONE, "bash", Lab.repository().toString());
  }

  private void assertNothingIsLeft() {
    assertThat(Lab.run("remains")).isEmpty();
    assertThat(Lab.run("footprint")).isEqualTo(before);
  }

  @Test
  @Order(1)
  void theDemoProvesWhoReachesWhomAndEndsWithATable() {
    assertThat(demo.lines().filter(line -> line.endsWith(" reached"))).hasSize(6);
    assertThat(demo.lines().filter(line -> line.endsWith("another tenant's"))).hasSize(6);
    assertThat(demo).containsPattern("acme +web-1 +Running +True").contains("done in");
  }

  @Test
  @Order(2)
  void statusLogsAndConsoleTellHowThingsAre() {
    assertThat(Lab.run("status")).contains("hosts", "ceph", "fabric", "kubernetes", "operators");
    assertThat(Lab.run("logs", "operators")).contains("logger=");
    assertThat(Lab.run("console", "web-1", "-n", "acme")).contains("READY hostname=web-1");
    assertThat(Lab.run("ssh", "web-1", "-n", "acme", "hostname").strip()).isEqualTo("web-1");
  }

  @Test
  @Order(3)
  void aBenchmarkPrintsItsFigureTheFloorAndTheRatio() {
    assertThat(Lab.run(PATIENCE, "bench", "network"))
        .containsPattern("ours +[0-9.]+ s +floor +[0-9.]+ s +ratio +[0-9.]+");
  }

  @ParameterizedTest
  @Order(4)
  @CsvSource({"host freeze h3,host thaw h3", "cut management h3,heal", "host off h3,host on h3"})
  void aHostThatIsTakenAwayComesBack(String away, String back) {
    Lab.run(away.split(" "));
    try {
      Shell.Answer status = Lab.ask(PATIENCE, "status");
      assertThat(status.output()).containsPattern("h3:(off|silent)");
      assertThat(status.ok()).isFalse();
    } finally {
      Lab.run(back.split(" "));
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(Lab.ask(PATIENCE, "status").ok()).isTrue());
  }

  @Test
  @Order(5)
  void aSecondCloneIsRefusedWithTheReason() {
    assertThat(second.ok()).as(second.output()).isFalse();
    assertThat(second.output()).contains("belongs to the clone in " + Lab.repository());
  }

  @Test
  @Order(6)
  void downLeavesTheMachineAsItWasBeforeUp() {
    assertThat(before).contains("== links").doesNotContain("kumiko");
    assertThat(Lab.run("footprint")).as("while it is up").isNotEqualTo(before);
    Lab.run(PATIENCE, "down");
    assertNothingIsLeft();
  }

  @Test
  @Order(7)
  void downTwiceIsHarmless() {
    Lab.run(PATIENCE, "down");
    Lab.run(PATIENCE, "down");
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @Order(8)
  @ValueSource(ints = {400, 1500, 4000, 8000})
  void upKilledHalfWayLeavesNothingAfterDown(int milliseconds)
      throws IOException, InterruptedException {
    Process up =
        new ProcessBuilder(Lab.repository().resolve("e2e/lab").toString(), "up")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(up.waitFor(milliseconds, TimeUnit.MILLISECONDS)).as("ended by itself").isFalse();
    up.destroyForcibly().waitFor();
    Lab.run(PATIENCE, "down");
    assertNothingIsLeft();
  }
}
