package dev.kumiko.compute.domainxml;

import java.util.List;
import java.util.UUID;

/**
 * Everything that we say about a guest to libvirt, and nothing else, so that two are compared by
 * {@code equals}.
 *
 * @param uuid UUID of the domain: the UID of the VirtualMachine
 * @param name name of the domain
 * @param disks the first one boots
 * @param consoleLog file on the host that gets the output of the serial console
 */
public record GuestDefinition(
    UUID uuid,
    String name,
    Marker marker,
    Hardware hardware,
    List<Disk> disks,
    List<Nic> nics,
    String consoleLog) {
  public GuestDefinition {
    disks = List.copyOf(disks);
    nics = List.copyOf(nics);
  }

  /** The same guest for another placement or restart. */
  public GuestDefinition with(Marker newMarker) {
    return new GuestDefinition(uuid, name, newMarker, hardware, disks, nics, consoleLog);
  }
}
