package dev.kumiko.network.fabric;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** What one column of a {@link Row} holds. An empty value and an absent one mean the same. */
public sealed interface Value {

  /** Nothing: the column is managed and must be empty. */
  Value NONE = new Texts(Collections.emptyNavigableSet());

  /** True when the column holds nothing. */
  boolean isEmpty();

  /**
   * One text, whatever the column's type: numbers in decimal, flags as {@code true} and {@code
   * false}.
   */
  static Value text(String text) {
    return texts(text);
  }

  /** A number. */
  static Value number(long number) {
    return texts(Long.toString(number));
  }

  /** A set of texts. */
  static Value texts(String... texts) {
    return new Texts(new TreeSet<>(Arrays.asList(texts)));
  }

  /** A map of texts. */
  static Value pairs(Map<String, String> pairs) {
    return new Pairs(new TreeMap<>(pairs));
  }

  /** A set of texts; a single text is a set of one. */
  record Texts(NavigableSet<String> texts) implements Value {
    public Texts {
      texts = Collections.unmodifiableNavigableSet(new TreeSet<>(texts));
    }

    @Override
    public boolean isEmpty() {
      return texts.isEmpty();
    }

    @Override
    public String toString() {
      return String.join(" | ", texts);
    }
  }

  /** Keys and their texts. */
  record Pairs(NavigableMap<String, String> pairs) implements Value {
    public Pairs {
      pairs = Collections.unmodifiableNavigableMap(new TreeMap<>(pairs));
    }

    @Override
    public boolean isEmpty() {
      return pairs.isEmpty();
    }

    @Override
    public String toString() {
      return pairs.entrySet().stream()
          .map(pair -> pair.getKey() + "=" + pair.getValue())
          .collect(Collectors.joining(", ", "{", "}"));
    }
  }

  /** Another row, which must be there for this value to hold. */
  record Reference(String table, UUID row) implements Value {
    @Override
    public boolean isEmpty() {
      return false;
    }

    @Override
    public String toString() {
      return "-> " + table + " " + row;
    }
  }
}
