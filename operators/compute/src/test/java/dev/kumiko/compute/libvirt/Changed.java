package dev.kumiko.compute.libvirt;

import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.domainxml.Marker;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A domain of the twin, in another state. */
final class Changed {
  private Changed() {}

  static Guest started(Guest g) {
    return new Guest(
        g.uuid(),
        g.name(),
        GuestState.PAUSED,
        g.marker(),
        g.marker(),
        g.definition(),
        sizes(g.definition()),
        false);
  }

  private static Map<String, Long> sizes(Optional<GuestDefinition> definition) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    definition.ifPresent(d -> d.disks().forEach(disk -> sizes.put(disk.target(), 1L << 30)));
    return sizes;
  }

  static Guest stopped(Guest g) {
    return new Guest(
        g.uuid(),
        g.name(),
        GuestState.STOPPED,
        g.marker(),
        Optional.<Marker>empty(),
        g.definition(),
        Map.of(),
        true);
  }

  static Guest state(Guest g, GuestState state, boolean speaks) {
    return new Guest(
        g.uuid(),
        g.name(),
        state,
        g.marker(),
        g.active(),
        g.definition(),
        g.diskBytes(),
        state == GuestState.RUNNING && speaks);
  }

  static Guest disks(Guest g, Map<String, Long> disks) {
    return new Guest(
        g.uuid(), g.name(), g.state(), g.marker(), g.active(), g.definition(), disks, g.isHeard());
  }

  /** As virsh undefine leaves a running domain, and as one is that is on its way here. */
  static Guest undefined(Guest g) {
    return new Guest(
        g.uuid(),
        g.name(),
        g.state(),
        g.active(),
        g.active(),
        Optional.empty(),
        g.diskBytes(),
        g.isHeard());
  }
}
