package dev.kumiko.app.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each case ends as it says, goes the way that its log tells, and no invariant breaks on the way.
 * {@code -Dsimulator.record=true} writes the logs, for a person to read.
 */
final class SimulatorTest {
  private static final Path CASES = Path.of("src/test/resources/simulator/cases");
  private static final int AT_LEAST = 150;

  static Stream<String> cases() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(".case"))
          .map(name -> name.replace(".case", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void goesAsItsLogTells(String name) throws IOException {
    Path log = CASES.resolve(name + ".log");
    List<String> told = play(name, Sabotage.NONE);
    if (Boolean.getBoolean("simulator.record")) {
      Files.write(log, told);
    }
    assertThat(String.join("\n", told)).isEqualTo(Files.readString(log).stripTrailing());
  }

  @Test
  void thereAreCasesEnough() throws IOException {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(AT_LEAST);
  }

  static List<String> play(String name, Sabotage sabotage) throws IOException {
    Script script = Script.parse(Files.readAllLines(CASES.resolve(name + ".case")));
    return new Play(script, sabotage).run();
  }
}
