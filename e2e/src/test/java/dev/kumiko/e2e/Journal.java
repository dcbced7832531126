package dev.kumiko.e2e;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What one operator has begun and done since the story began to look on, from its log as it is
 * written.
 */
final class Journal {
  private static final Pattern LINE =
      Pattern.compile(
          "logger=journal kind=(\\S+) (?:namespace=\\S+ )?name=(\\S+) action=\"(\\w+)\".*"
              + " outcome=\"(begun|done)\"");
  private final String pod;
  private final Path file;
  private long position;

  /**
   * @param pod an operator, as {@code lab status} names it
   */
  Journal(String pod) {
    this.pod = pod;
    this.file = Lab.directory().resolve("log/operator-" + pod + ".log");
    this.position = file.toFile().length();
  }

  /**
   * One action, when it is begun and again when it is done. One that is never told to be done
   * failed, or whoever did it died before it could tell.
   */
  record Entry(String kind, String name, String action, boolean isDone) {}

  String pod() {
    return pod;
  }

  /** What was begun and done since this was asked last. */
  List<Entry> news() {
    return LINE.matcher(read())
        .results()
        .map(r -> new Entry(r.group(1), r.group(2), r.group(3), r.group(4).equals("done")))
        .toList();
  }

  /** Whole lines only. */
  private String read() {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[Math.toIntExact(log.length() - position)];
      log.seek(position);
      log.readFully(bytes);
      String text = new String(bytes, StandardCharsets.UTF_8);
      String whole = text.substring(0, text.lastIndexOf('\n') + 1);
      position += whole.getBytes(StandardCharsets.UTF_8).length;
      return whole;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
