package dev.kumiko.v1alpha1;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a field that was left out as its empty or default value. */
final class Absent {
  private Absent() {}

  static <T> List<T> list(@Nullable List<T> value) {
    return value == null ? List.of() : List.copyOf(value);
  }

  static <V> Map<String, V> map(@Nullable Map<String, V> value) {
    return value == null ? Map.of() : Map.copyOf(value);
  }

  static <T> T or(@Nullable T value, T fallback) {
    return value == null ? fallback : value;
  }
}
