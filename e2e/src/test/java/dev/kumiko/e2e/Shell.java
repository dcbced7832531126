package dev.kumiko.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs as a user would, each with a deadline. */
final class Shell {
  private final Map<String, String> environment;

  Shell(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * What a program answered.
   *
   * @param output standard output and standard error
   */
  record Answer(int exit, String output) {
    boolean ok() {
      return exit == 0;
    }
  }

  /** The output of a program that must succeed. */
  String run(Duration deadline, String... command) {
    Answer answer = ask(deadline, "", command);
    if (!answer.ok()) {
      throw new AssertionError(
          String.join(" ", command) + " ended with " + answer.exit() + ":\n" + answer.output());
    }
    return answer.output();
  }

  Answer ask(Duration deadline, String input, String... command) {
    try {
      Path output = Files.createTempFile("story", ".out");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
          stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
          // it ended before it read everything; its exit tells
        }
        if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          return new Answer(-1, "no end within " + deadline + "\n" + Files.readString(output));
        }
        return new Answer(process.exitValue(), Files.readString(output));
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
