package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Rejection;
import dev.kumiko.storage.work.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Converts a file with {@code qemu-img convert} in a child process without a shell, limited in
 * memory, processor time, file size and wall time by prlimit and timeout.
 */
final class QemuImg {
  private static final long MEMORY_BYTES = 2L << 30;
  private static final Duration PROCESSOR_TIME = Duration.ofHours(1);
  private static final Duration WALL_TIME = Duration.ofHours(4);
  private static final Pattern PERCENT = Pattern.compile("\\((\\d+)\\.\\d+/100%\\)");

  /**
   * What says nothing about the image: timeout(1)'s own, for the time that is over and for what
   * could not be run; and SIGKILL's, of a machine without memory. The limits' own signals are not
   * among them: an image that needs more is refused.
   */
  private static final Set<Integer> NOT_THE_IMAGES_FAULT = Set.of(124, 125, 126, 127, 137);

  private static final String FULL = "No space left on device";

  /** Writes the disk in a qcow2 file, whose header was checked, as a sparse raw file. */
  void toRaw(Path qcow2, Path raw, long virtualBytes, Progress progress)
      throws IOException, InterruptedException {
    Path errors = raw.resolveSibling(raw.getFileName() + ".errors");
    Process process =
        new ProcessBuilder(command(qcow2, raw, virtualBytes))
            .redirectError(errors.toFile())
            .start();
    try {
      process.getOutputStream().close();
      follow(process.getInputStream(), progress);
      int exit = process.waitFor();
      if (exit != 0) {
        throw failure(exit, lastLine(errors, exit));
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /** The input's format is always named: QEMU must never guess it from the content. */
  private static List<String> command(Path qcow2, Path raw, long virtualBytes) {
    return List.of(
        "timeout",
        "--kill-after=10",
        Long.toString(WALL_TIME.toSeconds()),
        "prlimit",
        "--as=" + MEMORY_BYTES,
        "--cpu=" + PROCESSOR_TIME.toSeconds(),
        "--fsize=" + virtualBytes,
        "--core=0",
        "--nofile=64",
        "--",
        "qemu-img",
        "convert",
        "-p",
        "-f",
        "qcow2",
        "-O",
        "raw",
        "-S",
        "64k",
        qcow2.toAbsolutePath().toString(),
        raw.toAbsolutePath().toString());
  }

  private static void follow(InputStream output, Progress progress) throws IOException {
    StringBuilder line = new StringBuilder();
    int character;
    while ((character = output.read()) >= 0) {
      line.append((char) character);
      if (character == '\r' || character == '\n') {
        Matcher percent = PERCENT.matcher(line);
        if (percent.find()) {
          progress.at(Integer.parseInt(percent.group(1)));
        }
        line.setLength(0);
      }
    }
  }

  private static Rejection failure(int exit, String said) throws IOException {
    if (NOT_THE_IMAGES_FAULT.contains(exit) || said.contains(FULL)) {
      throw new IOException("qemu-img did not get to the end (%d): %s".formatted(exit, said));
    }
    return new Rejection("ConversionFailed", "the file at source.url cannot be converted: " + said);
  }

  private static String lastLine(Path errors, int exit) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(errors), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    return lines.isEmpty() ? "qemu-img ended with " + exit : lines.getLast();
  }
}
