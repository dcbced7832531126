package dev.kumiko.network.fabric;

import java.util.UUID;

/** A row that is not ours, with a name that one of ours has or wants. */
public record ForeignRow(String table, UUID id, String name) {
  /** For people. */
  public String describe() {
    return table + " " + id + " (" + name + ")";
  }
}
