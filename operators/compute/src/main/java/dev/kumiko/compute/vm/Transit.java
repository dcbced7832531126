package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.ObservedVirtualMachine.HostView;
import java.util.Optional;

/**
 * A live migration of the machine's guest that is under way: its domain may be on two hosts.
 *
 * @param migration name of the Migration
 * @param target host that the guest goes to
 * @param there that host
 * @param isBegun whether the hosts were told to move it
 */
record Transit(String migration, String target, HostView there, boolean isBegun) {

  /**
   * Whether all of the guest is at the target, and runs there or waits for that. A domain that is
   * still coming is neither to be let run nor to be ended.
   */
  boolean isHandedOver(Place place) {
    return domain()
        .filter(g -> g.state() != GuestState.HELD && g.epoch() == place.epoch())
        .isPresent();
  }

  /** Whether the domain at the target is to be let run. */
  boolean isWaiting() {
    return domain().filter(g -> g.state() == GuestState.PAUSED).isPresent();
  }

  private Optional<Guest> domain() {
    return there instanceof HostView.Seen seen
        ? seen.active().filter(Guest::isOurs)
        : Optional.empty();
  }

  /**
   * Whether it is at the target, and will be nowhere else. What waits there is the guest only when
   * its source was ended for it, and undefined with that: libvirt lets a source go on that does not
   * hear that the guest has come, and a source that went on has written since.
   */
  boolean hasArrived(HostView source, Place place) {
    boolean isGone =
        switch (source) {
          case HostView.Seen seen ->
              isWaiting() ? isBegun && seen.guest().isEmpty() : seen.active().isEmpty();
          case HostView.GivenUp _ -> !isWaiting();
          case HostView.Unreachable _, HostView.NotPlaced _ -> false;
        };
    return isGone && isHandedOver(place);
  }

  /** The target as a host to prepare; empty while it does not answer. */
  Optional<HostView.Seen> prepared() {
    return there instanceof HostView.Seen seen ? Optional.of(seen) : Optional.empty();
  }
}
