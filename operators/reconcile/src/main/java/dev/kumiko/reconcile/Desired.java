package dev.kumiko.reconcile;

import java.util.List;

/** What a resource asks for, with its references resolved. */
public sealed interface Desired<D> {
  /** It is to be there, like this. */
  record Present<D>(D value) implements Desired<D> {}

  /** It is to be gone; the value says what to look for. */
  record Absent<D>(D value) implements Desired<D> {}

  /** Nothing can be done before these are there, or gone. */
  record Blocked<D>(List<Wait> on) implements Desired<D> {
    public Blocked {
      on = List.copyOf(on);
    }
  }

  static <D> Desired<D> blockedOn(Wait... on) {
    return new Blocked<>(List.of(on));
  }
}
