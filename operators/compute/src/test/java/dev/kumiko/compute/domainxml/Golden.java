package dev.kumiko.compute.domainxml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares a text with a recorded one; {@code -Dgolden.record=true} records it. */
final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/golden/domainxml");

  private Golden() {}

  static void check(String name, String actual) {
    Path file = FOLDER.resolve(name + ".xml");
    try {
      if (Boolean.getBoolean("golden.record")) {
        Files.createDirectories(FOLDER);
        Files.writeString(file, actual);
      }
      assertThat(actual).as(file.toString()).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
