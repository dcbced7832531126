package dev.kumiko.network.fabric.ovn;

import java.io.IOException;
import java.io.Serial;

/** A call to an OVSDB server that did not give its result. */
sealed class OvsdbFailure extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private OvsdbFailure(String message) {
    super(message);
  }

  /** The connection ended, or was never there. */
  static final class Disconnected extends OvsdbFailure {
    @Serial private static final long serialVersionUID = 1L;

    Disconnected(String message) {
      super(message);
    }
  }

  /** No answer in time; whether the call took effect is unknown. */
  static final class TimedOut extends OvsdbFailure {
    @Serial private static final long serialVersionUID = 1L;

    TimedOut(String message) {
      super(message);
    }
  }

  /** The server answered with an error that says nothing about the rows; it may pass. */
  static final class Failed extends OvsdbFailure {
    @Serial private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }
  }

  /** The server found fault with the rows. */
  static final class Refused extends OvsdbFailure {
    @Serial private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }
}
