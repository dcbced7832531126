package dev.kumiko.app.simulator;

/** An invariant does not hold; the message names what broke. */
final class Broken extends AssertionError {
  private static final long serialVersionUID = 1L;

  Broken(String message) {
    super(message);
  }
}
