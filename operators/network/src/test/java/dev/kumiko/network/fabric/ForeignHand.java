package dev.kumiko.network.fabric;

import java.util.UUID;

/** Somebody else who writes to the same controller. */
public interface ForeignHand {
  /** Makes a logical switch that is not ours. */
  UUID makeSwitch(String name);

  /** Connects a switch to a VLAN of a physical network. */
  void connect(UUID logicalSwitch, String physicalNetwork, int vlan);

  /** Whether a switch of that identity stands. */
  boolean hasSwitch(UUID id);

  /** Deletes a row that stands alone, whoever owns it. */
  void delete(String table, UUID row);

  /** Takes a port from its switch. */
  void unplug(Row switchPort);

  /** Takes a load balancer from its switch. */
  void unhookBalancer(Row balancer);

  /** Writes one text into a column. */
  void write(String table, UUID row, String column, String text);

  /** Empties external_ids. */
  void eraseMarker(String table, UUID row);
}
