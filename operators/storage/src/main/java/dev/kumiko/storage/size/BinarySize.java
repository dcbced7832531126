package dev.kumiko.storage.size;

import dev.kumiko.reconcile.Rejection;
import java.util.List;
import java.util.Locale;

/** A number of bytes that people write with a binary unit: {@code 20Gi}. */
public record BinarySize(long bytes) {
  private static final List<String> UNITS = List.of("Ki", "Mi", "Gi", "Ti");

  /** Reads what {@link #toString} wrote: with a unit, or bytes. */
  public static BinarySize read(String text) {
    return text.matches("[0-9]+") ? new BinarySize(Long.parseLong(text)) : parse(text);
  }

  /** Reads what the CRD's pattern allows. */
  public static BinarySize parse(String text) {
    for (int i = 0; i < UNITS.size(); i++) {
      if (text.endsWith(UNITS.get(i))) {
        try {
          long count = Long.parseLong(text.substring(0, text.length() - 2));
          return new BinarySize(Math.multiplyExact(count, 1L << (10 * (i + 1))));
        } catch (ArithmeticException | NumberFormatException e) {
          throw new Rejection("InvalidSize", "size " + text + " is not a number of bytes");
        }
      }
    }
    throw new Rejection("InvalidSize", "size " + text + " needs a unit: Ki, Mi, Gi or Ti");
  }

  /** Exact, with the largest unit that leaves a whole number; in bytes if none does. */
  @Override
  public String toString() {
    for (int i = UNITS.size(); i > 0; i--) {
      long unit = 1L << (10 * i);
      if (bytes >= unit && bytes % unit == 0) {
        return bytes / unit + UNITS.get(i - 1);
      }
    }
    return Long.toString(bytes);
  }

  /** Rounded to one decimal of the largest fitting unit. */
  public String rounded() {
    for (int i = UNITS.size(); i > 0; i--) {
      long unit = 1L << (10 * i);
      if (bytes >= unit) {
        return String.format(Locale.ROOT, "%.1f%s", (double) bytes / unit, UNITS.get(i - 1));
      }
    }
    return Long.toString(bytes);
  }
}
