package dev.kumiko.network.claim;

/** Who has a value that only one may have. */
public sealed interface Holding {
  /** Nobody. */
  record Free() implements Holding {}

  /** The one who asks. */
  record Mine() implements Holding {}

  /** Somebody else, named as kind and name. */
  record Taken(String by) implements Holding {}
}
