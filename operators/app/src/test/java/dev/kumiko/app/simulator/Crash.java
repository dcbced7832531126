package dev.kumiko.app.simulator;

/** The process of an operator ends in the middle of what it does. */
final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  Crash() {
    super("killed");
  }
}
