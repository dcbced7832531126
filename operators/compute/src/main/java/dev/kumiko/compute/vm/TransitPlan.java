package dev.kumiko.compute.vm;

import dev.kumiko.compute.vm.DesiredVirtualMachine.DiskAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.NicAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Wish;
import dev.kumiko.compute.vm.ObservedVirtualMachine.AttachmentView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.PortView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Presence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A machine whose guest is being moved: both hosts are given what it needs, and its place follows
 * it. Nothing is started, let run or ended meanwhile: that is the Migration's.
 */
record TransitPlan(DesiredVirtualMachine desired, ObservedVirtualMachine observed, Place place) {

  static List<VirtualMachineAction> plan(
      DesiredVirtualMachine desired, ObservedVirtualMachine observed, Transit transit) {
    return desired
        .place()
        .map(place -> new TransitPlan(desired, observed, place).toward(transit))
        .orElseGet(List::of);
  }

  private List<VirtualMachineAction> toward(Transit transit) {
    boolean isToRun = desired.wish() == Wish.RUN;
    if (transit.hasArrived(observed.host(), place)) {
      List<VirtualMachineAction> plan = new ArrayList<>();
      plan.add(new VirtualMachineAction.Arrive(transit.target(), place.epoch()));
      if (isToRun) {
        Place there = new Place(transit.target(), place.epoch());
        plan.addAll(new CompanionPlan(desired, observed).present(there));
      }
      return plan;
    }
    return isToRun ? shared(transit) : List.of();
  }

  /**
   * Disks first: to have them granted takes longest. Traffic goes to the first host of a Port, so
   * that is where the guest runs.
   */
  private List<VirtualMachineAction> shared(Transit transit) {
    List<String> hosts =
        transit.isHandedOver(place)
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

  private static boolean isToBeShared(PortView port, List<String> hosts) {
    return port.presence() == Presence.OURS && !port.hosts().equals(hosts);
  }

  private boolean isToBeShared(AttachmentView attachment, List<String> hosts) {
    return attachment.presence() == Presence.OURS
        && attachment.epoch() == place.epoch()
        && !Set.copyOf(attachment.hosts()).equals(Set.copyOf(hosts));
  }
}
