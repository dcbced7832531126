package dev.kumiko.compute.vm;

import dev.kumiko.compute.vm.DesiredVirtualMachine.DiskAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.NicAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.ObservedVirtualMachine.AttachmentView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.HostView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.PortView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Presence;
import dev.kumiko.compute.vm.ObservedVirtualMachine.VolumeView;
import dev.kumiko.reconcile.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a placed machine waits for: its cause chain. */
record Waits(DesiredVirtualMachine desired, ObservedVirtualMachine observed, Place place) {
  List<Wait> all() {
    List<Wait> waits = new ArrayList<>();
    observed
        .pace()
        .startRefusal()
        .filter(_ -> !isActive())
        .ifPresent(why ->
            waits.add(
                new Wait(
                    "Host",
                    place.host(),
                    "StartFailed",
                    "Host %s could not start the guest and tries again: %s"
                        .formatted(place.host(), why))));
    for (DiskAsk disk : desired.disks()) {
      volume(waits, disk.volume(), disk.template().isPresent());
    }
    if (desired.cloudInit().isPresent()) {
      volume(waits, desired.seedVolume(), true);
    }
    for (DiskAsk disk : desired.disks()) {
      attachment(waits, disk.volume());
    }
    for (NicAsk nic : desired.nics()) {
      port(waits, nic);
    }
    return waits;
  }

  /** An attempt may have succeeded after it was given up. */
  private boolean isActive() {
    return observed.host() instanceof HostView.Seen seen && seen.active().isPresent();
  }

  /**
   * The answer of the interface that is probed.
   *
   * @param rest ends the sentence
   */
  Optional<Wait> answer(String reason, String rest) {
    return desired
        .probedNic()
        .map(nic ->
            new Wait(
                "Port",
                nic.port(),
                reason,
                "the guest does not answer on "
                    + Optional.ofNullable(observed.ports().get(nic.port()))
                        .flatMap(PortView::ip)
                        .orElse(nic.name())
                    + ":"
                    + nic.probe().orElseThrow()
                    + " "
                    + rest));
  }

  /** What Ready rests on; ends the sentence. */
  String sign() {
    return desired
        .probedNic()
        .map(nic -> " and answers on TCP port " + nic.probe().orElseThrow() + ".")
        .orElse(
            desired.nics().isEmpty()
                ? "."
                : " and has sent something: set spec.readiness to have Ready mean that it answers.");
  }

  private void volume(List<Wait> waits, String name, boolean ours) {
    VolumeView volume = observed.volumes().get(name);
    if (volume == null) {
      waits.add(Wait.missing("Volume", name));
    } else if (ours && volume.presence() == Presence.OTHERS) {
      waits.add(
          new Wait(
              "Volume",
              name,
              "NameTaken",
              "Volume "
                  + name
                  + " exists and was not made for this machine: name it in disks[].volume, or"
                  + " delete it"));
    } else if (volume.presence() == Presence.LEAVING) {
      waits.add(new Wait("Volume", name, "Deleting", "Volume " + name + " is being deleted"));
    } else if (!volume.ready() && volume.image().isEmpty()) {
      waits.add(Wait.notReady("Volume", name));
    }
  }

  private void attachment(List<Wait> waits, String name) {
    AttachmentView attachment = observed.attachments().get(name);
    if (attachment == null) {
      return;
    }
    switch (attachment.presence()) {
      case OTHERS ->
          waits.add(
              new Wait(
                  "Attachment",
                  name,
                  "VolumeInUse",
                  "Volume "
                      + name
                      + " is attached to VirtualMachine "
                      + attachment.machine()
                      + ": stop or delete that first"));
      case LEAVING ->
          waits.add(
              new Wait("Attachment", name, "Deleting", "Attachment " + name + " is being deleted"));
      case OURS, NONE -> {
        if (!attachment.granted() || attachment.epoch() != place.epoch()) {
          waits.add(
              new Wait(
                  "Attachment",
                  name,
                  "NotGranted",
                  "Attachment " + name + " is not granted yet: see its conditions"));
        }
      }
    }
  }

  private void port(List<Wait> waits, NicAsk nic) {
    PortView port = observed.ports().get(nic.port());
    if (port == null) {
      waits.add(Wait.missing("Port", nic.port()));
    } else if (port.presence() == Presence.OTHERS) {
      waits.add(
          new Wait(
              "Port",
              nic.port(),
              "NameTaken",
              "Port " + nic.port() + " exists and was not made for this machine: delete it"));
    } else if (!port.programmedOn().contains(place.host())) {
      waits.add(Wait.notReady("Port", nic.port()));
    }
  }
}
