package dev.kumiko.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lab on this machine, by its own command-line tool. */
final class Lab {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().resolve("..").normalize();
  private static final Path TOOL = REPOSITORY.resolve("e2e/lab");
  private static final Pattern EXPORT =
      Pattern.compile("^export ([A-Z_]+)=(?:'([^']*)'|\"([^\"]*)\"|(\\S*))$", Pattern.MULTILINE);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Lab() {}

  static Path repository() {
    return REPOSITORY;
  }

  static Path examples() {
    return REPOSITORY.resolve("examples");
  }

  /** Runs {@code e2e/lab COMMAND…}, which must succeed. */
  static String run(String... command) {
    return run(PATIENCE, command);
  }

  static String run(Duration deadline, String... command) {
    return new Shell(Map.of()).run(deadline, line(command));
  }

  static Shell.Answer ask(Duration deadline, String... command) {
    return new Shell(Map.of()).ask(deadline, "", line(command));
  }

  /** What {@code lab env} exports; brings the lab up when a story before took it down. */
  static Map<String, String> environment() {
    Shell.Answer answer = ask(PATIENCE, "env");
    if (!answer.ok()) {
      run(PATIENCE, "up");
      answer = ask(PATIENCE, "env");
    }
    Map<String, String> variables = new HashMap<>();
    Matcher matcher = EXPORT.matcher(answer.output());
    while (matcher.find()) {
      String quoted = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
      variables.put(matcher.group(1), quoted != null ? quoted : matcher.group(4));
    }
    return variables;
  }

  /** A shell in the lab's environment. */
  static Shell shell() {
    Map<String, String> variables = environment();
    if (variables.containsKey("PATH")) {
      variables.put("PATH", variables.get("PATH").replace("$PATH", System.getenv("PATH")));
    }
    return new Shell(variables);
  }

  /** What {@code lab ssh} comes with; a guest that is to let it in has it among its keys. */
  static String publicKey() {
    try {
      return Files.readString(directory().resolve("ssh/key.pub")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path directory() {
    return Path.of(environment().getOrDefault("KUMIKO_LAB", ""));
  }

  /** Reports of operators that a fault ended since then; none when the lab cannot be asked. */
  static List<Path> faultsOfOperators(Instant since) {
    Shell.Answer answer = ask(PATIENCE, "operators", "faults");
    return answer.ok()
        ? World.lines(answer.output())
            .map(Path::of)
            .filter(report -> report.toFile().lastModified() >= since.toEpochMilli())
            .toList()
        : List.of();
  }

  private static String[] line(String... command) {
    String[] line = new String[command.length + 1];
    line[0] = TOOL.toString();
    System.arraycopy(command, 0, line, 1, command.length);
    return line;
  }
}
