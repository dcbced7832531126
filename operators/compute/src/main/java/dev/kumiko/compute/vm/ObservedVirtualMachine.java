package dev.kumiko.compute.vm;

import dev.kumiko.compute.domainxml.Acceleration;
import dev.kumiko.compute.domainxml.RbdImage;
import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.placement.Fleet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What there is of a VirtualMachine: on hosts, and as objects that others answer.
 *
 * @param strays domains of this machine on other hosts than the one it is placed on
 * @param volumes by name; Volumes that do not exist are left out
 * @param ports by name; Ports that do not exist are left out
 * @param attachments by name of the Volume; those that do not exist are left out
 * @param candidates hosts to choose from; none when there is nothing to choose
 * @param transit the live migration that is under way
 */
record ObservedVirtualMachine(
    HostView host,
    List<Stray> strays,
    Map<String, VolumeView> volumes,
    Map<String, PortView> ports,
    Map<String, AttachmentView> attachments,
    Fleet candidates,
    Pace pace,
    Optional<Transit> transit) {
  ObservedVirtualMachine {
    strays = List.copyOf(strays);
    volumes = Map.copyOf(volumes);
    ports = Map.copyOf(ports);
    attachments = Map.copyOf(attachments);
  }

  /** The host of the placement; an unreachable one may still run the guest. */
  sealed interface HostView {
    /** The machine is placed nowhere. */
    record NotPlaced() implements HostView {}

    /** Nothing is known. */
    record Unreachable(String host, String message) implements HostView {}

    /** Storage refuses it: whatever it still runs of the machine can write no more. */
    record GivenUp(String host) implements HostView {}

    /**
     * It answers.
     *
     * @param guest the machine's domain
     * @param clash somebody else's domain with the name of ours
     * @param secrets fingerprint of each Ceph key that the host has, by usage
     */
    record Seen(
        String host,
        Optional<Guest> guest,
        Optional<Guest> clash,
        Map<String, String> secrets,
        Acceleration acceleration)
        implements HostView {
      /** The machine's domain while it runs, stands still or ends. */
      Optional<Guest> active() {
        return guest.filter(g -> g.state().isActive());
      }

      /** A domain in our place that is not ours. */
      Optional<Guest> foreign() {
        return guest.filter(g -> !g.isOurs()).or(() -> clash);
      }
    }
  }

  /** A domain of this machine where it should not be. */
  record Stray(String host, Guest guest) {}

  /** Whether an object is there, and whose it is. */
  enum Presence {
    NONE,
    OURS,
    /** It belongs to this machine and is being deleted. */
    LEAVING,
    /** It has the name that ours would have. */
    OTHERS
  }

  /**
   * A Volume.
   *
   * @param ready whether its image can be used
   * @param owned whether it goes with the machine
   * @param size of the spec
   * @param image as QEMU opens it; empty while it is not known
   * @param key the Ceph key that QEMU needs; empty when its Secret is missing
   */
  record VolumeView(
      Presence presence,
      boolean ready,
      boolean owned,
      Optional<String> size,
      long sizeBytes,
      Optional<RbdImage> image,
      Optional<PoolKey> key) {}

  /**
   * A Ceph key, by what tells it from others.
   *
   * @param pool StoragePool whose guest key it is
   */
  record PoolKey(String pool, String usage, String fingerprint) {
    /** Name of a StoragePool's guest key on hosts; libvirt's schema allows few characters. */
    static String usage(String pool) {
      return "kumiko.dev." + pool;
    }
  }

  /**
   * A Port.
   *
   * @param hosts where it may appear
   * @param programmedOn hosts that have its flows
   * @param probe TCP port of the guest that is asked
   * @param answers whether the guest answers what is asked now
   */
  record PortView(
      Presence presence,
      Optional<UUID> uid,
      List<String> hosts,
      Optional<String> mac,
      Optional<String> ip,
      int mtuBytes,
      List<String> programmedOn,
      OptionalInt probe,
      boolean answers) {}

  /**
   * An Attachment.
   *
   * @param machine VirtualMachine that it is for
   * @param granted whether exactly what it asks for is granted
   */
  record AttachmentView(
      Presence presence, String machine, List<String> hosts, long epoch, boolean granted) {
    boolean isFor(DesiredVirtualMachine.Place place) {
      return epoch == place.epoch() && hosts.equals(List.of(place.host()));
    }

    /** Whether the disk is granted there; to a guest that has moved, also where it came from. */
    boolean isGranted(DesiredVirtualMachine.Place place) {
      return granted && epoch == place.epoch() && hosts.contains(place.host());
    }
  }

  /**
   * What time has brought about; the world does not remember it.
   *
   * @param startRefusal why the last attempt to start failed, while no other was made
   * @param grantedAt when the disks were seen granted first where it recovers; empty: they are not,
   *     or it recovers from nothing
   */
  record Pace(
      Shutdown shutdown,
      boolean startIsDue,
      Optional<String> startRefusal,
      boolean retryIsDue,
      Hearing hearing,
      Optional<Instant> grantedAt) {}

  /** What was heard of the guest since it was let run. */
  enum Hearing {
    NOTHING_YET,
    /** It may be taken to answer on its addresses. */
    ANSWERS,
    /** It answered, and does not any more. */
    FELL_SILENT
  }

  /** How far asking the guest to power off has come. */
  enum Shutdown {
    NOT_ASKED,
    ASKED,
    /** It was asked and had its time. */
    IGNORED
  }
}
