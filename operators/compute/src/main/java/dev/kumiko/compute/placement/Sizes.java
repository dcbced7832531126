package dev.kumiko.compute.placement;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;

/** Amounts of memory as the API writes them: {@code 512Mi}. */
public final class Sizes {
  private static final long KIBIBYTE = 1024;
  private static final List<String> UNITS = List.of("Ki", "Mi", "Gi", "Ti");

  private Sizes() {}

  /** Whole kibibytes; a part of one is cut off. */
  public static long kibibytes(String quantity) {
    BigDecimal bytes = Quantity.getAmountInBytes(new Quantity(quantity));
    return bytes.longValue() / KIBIBYTE;
  }

  /** With the largest unit that leaves a whole number. */
  public static String text(long kibibytes) {
    long amount = kibibytes;
    int unit = 0;
    while (amount != 0 && amount % KIBIBYTE == 0 && unit < UNITS.size() - 1) {
      amount /= KIBIBYTE;
      unit++;
    }
    return amount == 0 ? "0" : amount + UNITS.get(unit);
  }
}
