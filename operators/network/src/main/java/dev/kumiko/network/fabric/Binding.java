package dev.kumiko.network.fabric;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Where a port is plugged in.
 *
 * @param chassis names of the chassis that have claimed the port: one, or two during a live
 *     migration
 * @param isUp true when its flows are installed there
 */
public record Binding(NavigableSet<String> chassis, boolean isUp) {
  /** Plugged in nowhere. */
  public static final Binding NOWHERE = new Binding(Collections.emptyNavigableSet(), false);

  public Binding {
    chassis = Collections.unmodifiableNavigableSet(new TreeSet<>(chassis));
  }
}
