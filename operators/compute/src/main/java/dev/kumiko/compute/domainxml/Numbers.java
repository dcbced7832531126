package dev.kumiko.compute.domainxml;

/** Reads whole numbers of a document that somebody else may have edited. */
final class Numbers {
  private Numbers() {}

  static long parse(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new NotOurs("not a number: '" + text + "'", e);
    }
  }
}
