package dev.kumiko.compute.libvirt;

import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.domainxml.Marker;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A domain on a host, ours or not.
 *
 * @param marker our marker in the definition; empty: the domain is not ours
 * @param active our marker as the active domain was started with; empty when stopped or not ours
 * @param definition what it will be at its next start; empty when it is not ours, is not defined
 *     (only running), or was changed beyond recognition
 * @param diskBytes size of each disk as the active guest sees it, by target; empty until it was
 *     read
 * @param isHeard whether it has sent something on each of its interfaces since it was started
 */
public record Guest(
    UUID uuid,
    String name,
    GuestState state,
    Optional<Marker> marker,
    Optional<Marker> active,
    Optional<GuestDefinition> definition,
    Map<String, Long> diskBytes,
    boolean isHeard) {
  public Guest {
    diskBytes = Map.copyOf(diskBytes);
  }

  /** The same domain, heard or not. */
  Guest heard(boolean yes) {
    return new Guest(uuid, name, state, marker, active, definition, diskBytes, yes);
  }

  /** The same domain, with disks of these sizes. */
  Guest sized(Map<String, Long> bytes) {
    return new Guest(uuid, name, state, marker, active, definition, bytes, isHeard);
  }

  /** Our marker as the active domain was started with; without that, as it is defined. */
  public Optional<Marker> current() {
    return active.or(() -> marker);
  }

  /** Epoch that it was started at, or is defined for; 0 for one that is not ours. */
  public long epoch() {
    return current().map(Marker::epoch).orElse(0L);
  }

  /** Whether it carries our marker. */
  public boolean isOurs() {
    return current().isPresent();
  }
}
