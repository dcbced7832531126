package dev.kumiko.app.simulator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** In which order what is due is done: as it stands, or as the dice fall, and some of it later. */
record Turns(Optional<Random> dice) {
  /** Of four that are due one is late. */
  private static final int LATE = 4;

  static Turns inOrder() {
    return new Turns(Optional.empty());
  }

  static Turns random(Random dice) {
    return new Turns(Optional.of(dice));
  }

  List<Runnable> of(List<Runnable> due) {
    if (dice.isEmpty()) {
      return due;
    }
    List<Runnable> some = new ArrayList<>(due);
    some.removeIf(_ -> dice.get().nextInt(LATE) == 0);
    Collections.shuffle(some, dice.get());
    return some;
  }
}
