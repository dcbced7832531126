package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.vm.DesiredVirtualMachine.DiskAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.NicAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Wish;
import dev.kumiko.compute.vm.ObservedVirtualMachine.AttachmentView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.HostView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.PortView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Presence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A machine whose guest is being moved: both hosts are given what it needs, and its place follows
 * it, once it is on one host only. Then it is let run, as after every start. Nothing is started or
 * ended meanwhile: that is the Migration's.
 */
record TransitPlan(
    DesiredVirtualMachine desired, ObservedVirtualMachine observed, Transit transit, Place place) {

  static List<VirtualMachineAction> plan(
      DesiredVirtualMachine desired, ObservedVirtualMachine observed, Transit transit) {
    return desired
        .place()
        .map(place -> new TransitPlan(desired, observed, transit, place).toward())
        .orElseGet(List::of);
  }

  /**
   * Nothing is taken back from the source before the guest runs: what it was granted for that is
   * not asked for anew.
   */
  private List<VirtualMachineAction> toward() {
    boolean isToRun = desired.wish() == Wish.RUN;
    if (!transit.hasArrived(observed.host(), place)) {
      return isToRun ? shared() : List.of();
    }
    List<VirtualMachineAction> plan = new ArrayList<>();
    plan.add(new VirtualMachineAction.Arrive(transit.target(), place.epoch()));
    CompanionPlan companions = new CompanionPlan(desired, observed);
    Place there = new Place(transit.target(), place.epoch());
    if (isToRun && !transit.isWaiting()) {
      plan.addAll(companions.present(there));
    } else if (isToRun && companions.isGranted(there)) {
      plan.add(
          new VirtualMachineAction.Resume(there.host(), desired.identity().uid(), there.epoch()));
    }
    return plan;
  }

  /**
   * Disks first: to have them granted takes longest. Traffic goes to the first host of a Port, so
   * that is where the guest runs.
   */
  private List<VirtualMachineAction> shared() {
    List<String> hosts =
        transit.isHandedOver(place) && (!transit.isWaiting() || isLeft())
            ? List.of(transit.target(), place.host())
            : List.of(place.host(), transit.target());
    List<VirtualMachineAction> plan = new ArrayList<>();
    for (DiskAsk disk : desired.disks()) {
      Optional.ofNullable(observed.attachments().get(disk.volume()))
          .filter(attachment -> isToBeShared(attachment, hosts))
          .ifPresent(_ ->
              plan.add(
                  new VirtualMachineAction.ShareAttachment(disk.volume(), hosts, place.epoch())));
    }
    for (NicAsk nic : desired.nics()) {
      Optional.ofNullable(observed.ports().get(nic.port()))
          .filter(port -> isToBeShared(port, hosts))
          .ifPresent(
              _ -> plan.add(new VirtualMachineAction.SharePort(nic.port(), nic.name(), hosts)));
    }
    transit
        .prepared()
        .ifPresent(there -> plan.addAll(new GuestPlan(desired, observed, there).missingKeys()));
    return plan;
  }

  /** Whether the source is seen to stand still, or without the guest. */
  private boolean isLeft() {
    return observed.host() instanceof HostView.Seen seen
        && seen.active().filter(g -> g.state() != GuestState.HELD).isEmpty();
  }

  private static boolean isToBeShared(PortView port, List<String> hosts) {
    return port.presence() == Presence.OURS && !port.hosts().equals(hosts);
  }

  private boolean isToBeShared(AttachmentView attachment, List<String> hosts) {
    return attachment.presence() == Presence.OURS
        && attachment.epoch() == place.epoch()
        && !Set.copyOf(attachment.hosts()).equals(Set.copyOf(hosts));
  }
}
