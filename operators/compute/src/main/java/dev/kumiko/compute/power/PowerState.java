package dev.kumiko.compute.power;

/** Whether a machine has power. */
public enum PowerState {
  /** It has, or is about to get or to lose it: it may still run. */
  ON,
  /** It has none, so nothing runs on it. */
  OFF
}
