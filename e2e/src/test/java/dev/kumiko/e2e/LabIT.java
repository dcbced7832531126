package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lab leaves nothing on the machine. Comes last: it takes the lab down. */
@Order(900)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LabIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String SECOND_CLONE =
      "clone=$(mktemp -d) && mkdir $clone/e2e && cp -r $1/e2e/lab $1/e2e/parts $clone/e2e && $clone/e2e/lab up; exit=$?;"
          + " rm -rf $clone; exit $exit";
  private static final List<String> OURS =
      List.of("kumiko", "km-h", "ks-h", "10.77.0.", "10.78.0.", "qemu", "libvirtd");
  private String before = "";
  private Shell.Answer second = new Shell.Answer(0, "");

  @BeforeAll
  void theLabIsDown() {
    Lab.run(PATIENCE, "up");
    second =
        new Shell(Map.of())
            .ask(PATIENCE, "", "bash", "-c", SECOND_CLONE, "bash", Lab.repository().toString());
    Lab.run(PATIENCE, "down");
    before = Lab.run("footprint");
  }

  @Test
  void aSecondCloneIsRefusedWithTheReason() {
    assertThat(second.ok()).as(second.output()).isFalse();
    assertThat(second.output()).contains("belongs to the clone in " + Lab.repository());
  }

  @Test
  void downLeavesNothingOfOurs() {
    assertThat(before.lines().filter(line -> OURS.stream().anyMatch(line::contains)))
        .filteredOn(line ->
            !line.matches("/etc/libvirt/.*|/(etc|run)/libvirt|/var/(lib|cache|log)/libvirt"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 1500, 4000, 8000})
  void upKilledHalfWayLeavesNothingAfterDown(int milliseconds)
      throws IOException, InterruptedException {
    Process up =
        new ProcessBuilder(Lab.repository().resolve("e2e/lab").toString(), "up")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    up.waitFor(milliseconds, TimeUnit.MILLISECONDS);
    up.destroyForcibly().waitFor();
    Lab.run(PATIENCE, "down");
    assertThat(Lab.run("footprint")).isEqualTo(before);
  }

  @Test
  void downTwiceIsHarmless() {
    Lab.run(PATIENCE, "down");
    Lab.run(PATIENCE, "down");
    assertThat(Lab.run("footprint")).isEqualTo(before);
  }
}
