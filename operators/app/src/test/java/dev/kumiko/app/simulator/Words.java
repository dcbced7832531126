package dev.kumiko.app.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The words of a line. */
record Words(List<String> all) {
  Words {
    all = List.copyOf(all);
  }

  static Words of(String line) {
    return new Words(Arrays.asList(line.strip().split("\\s+")));
  }

  String at(int index) {
    if (index >= all.size()) {
      throw new IllegalArgumentException("something is missing after: " + this);
    }
    return all.get(index);
  }

  List<String> from(int index) {
    return all.subList(Math.min(index, all.size()), all.size());
  }

  boolean has(String word) {
    return all.contains(word);
  }

  /** The word after this one. */
  Optional<String> after(String word) {
    int index = all.indexOf(word);
    return index < 0 ? Optional.empty() : Optional.of(at(index + 1));
  }

  int number(String word, int otherwise) {
    return after(word).map(Integer::parseInt).orElse(otherwise);
  }

  @Override
  public String toString() {
    return String.join(" ", all);
  }
}
