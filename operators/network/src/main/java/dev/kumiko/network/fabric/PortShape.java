package dev.kumiko.network.fabric;

import dev.kumiko.reconcile.Ownership;
import java.util.List;
import java.util.Optional;

/**
 * One guest interface on a segment.
 *
 * @param owner the Port resource
 * @param networkUid UID of the Network resource that it is on
 * @param mac the only MAC that may speak here
 * @param address the only address that may speak here
 * @param dhcp whether the segment answers DHCP
 * @param chassis the chassis that may claim the port: none yet, one, or two during a live
 *     migration; the first is where the guest runs and where traffic goes
 * @param probe how the guest is asked whether it answers; empty: not at all
 */
public record PortShape(
    Ownership owner,
    String networkUid,
    String mac,
    String address,
    boolean dhcp,
    List<String> chassis,
    Optional<Probe> probe) {

  /**
   * A question to the guest.
   *
   * @param tcpPort what it must accept connections on
   * @param source address of the segment that nobody has, from which they come
   */
  public record Probe(int tcpPort, String source) {}

  public PortShape {
    chassis = List.copyOf(chassis);
  }
}
