package dev.kumiko.compute.vm;

import dev.kumiko.compute.placement.Sizes;
import dev.kumiko.compute.vm.DesiredVirtualMachine.DiskAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.NicAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.ObservedVirtualMachine.AttachmentView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.PortView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Presence;
import dev.kumiko.compute.vm.ObservedVirtualMachine.VolumeView;
import dev.kumiko.compute.vm.VirtualMachineAction.Delete;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The objects that a machine has made for itself: seed, Volumes, Ports, Attachments. */
record CompanionPlan(DesiredVirtualMachine desired, ObservedVirtualMachine observed) {

  /** All that a placed machine needs, in one round; what takes others longest comes first. */
  List<VirtualMachineAction> present(Place place) {
    List<VirtualMachineAction> plan = new ArrayList<>();
    if (desired.cloudInit().isPresent()) {
      seed(plan);
    }
    for (DiskAsk disk : desired.disks()) {
      disk.template().ifPresent(template -> volume(plan, disk, template));
    }
    for (NicAsk nic : desired.nics()) {
      port(plan, nic, place);
    }
    for (DiskAsk disk : desired.disks()) {
      if (isUsable(disk)) {
        attachment(plan, disk.volume(), place);
      }
    }
    return plan;
  }

  private void seed(List<VirtualMachineAction> plan) {
    if (!observed.volumes().containsKey(desired.seedVolume())) {
      plan.add(new VirtualMachineAction.CreateSeedSecret(desired.seedSecret()));
      plan.add(new VirtualMachineAction.CreateSeedVolume(desired.seedVolume()));
    }
  }

  private void volume(
      List<VirtualMachineAction> plan, DiskAsk disk, VirtualMachine.VolumeTemplate template) {
    VolumeView volume = observed.volumes().get(disk.volume());
    if (volume == null) {
      plan.add(new VirtualMachineAction.CreateVolume(disk.volume(), disk.name()));
      return;
    }
    boolean goesAlong = template.deletionPolicy() == Volume.DeletionPolicy.Delete;
    if (volume.presence() == Presence.OURS
        && (isToGrow(volume, template) || goesAlong != volume.owned())) {
      plan.add(new VirtualMachineAction.UpdateVolume(disk.volume(), disk.name()));
    }
  }

  /** A Volume that its user has grown beyond the template stays so: it never shrinks. */
  private static boolean isToGrow(VolumeView volume, VirtualMachine.VolumeTemplate template) {
    return Optional.ofNullable(template.size())
        .filter(size -> volume.size().map(Sizes::kibibytes).orElse(0L) < Sizes.kibibytes(size))
        .isPresent();
  }

  private void port(List<VirtualMachineAction> plan, NicAsk nic, Place place) {
    PortView port = observed.ports().get(nic.port());
    if (port == null) {
      plan.add(new VirtualMachineAction.CreatePort(nic.port(), nic.name(), place.host()));
    } else if (port.presence() == Presence.OURS
        && !(port.hosts().equals(List.of(place.host())) && port.probe().equals(nic.probe()))) {
      plan.add(new VirtualMachineAction.MovePort(nic.port(), nic.name(), place.host()));
    }
  }

  /** A Volume of a template must be ours; one that is named must exist. */
  private boolean isUsable(DiskAsk disk) {
    VolumeView volume = observed.volumes().get(disk.volume());
    return disk.template().isPresent()
        ? volume == null || volume.presence() == Presence.OURS
        : volume != null;
  }

  private void attachment(List<VirtualMachineAction> plan, String volume, Place place) {
    AttachmentView attachment = observed.attachments().get(volume);
    if (attachment == null) {
      plan.add(new VirtualMachineAction.CreateAttachment(volume, place.host(), place.epoch()));
    } else if (attachment.presence() == Presence.OURS && !attachment.isFor(place)) {
      plan.add(new VirtualMachineAction.MoveAttachment(volume, place.host(), place.epoch()));
    }
  }

  /** Whether every writable disk is granted for the placement. */
  boolean isGranted(Place place) {
    return isGranted(desired, observed.attachments(), place);
  }

  static boolean isGranted(
      DesiredVirtualMachine desired, Map<String, AttachmentView> attachments, Place place) {
    return desired.disks().stream()
        .map(disk -> Optional.ofNullable(attachments.get(disk.volume())))
        .allMatch(
            a -> a.filter(v -> v.presence() == Presence.OURS && v.isGranted(place)).isPresent());
  }

  /** Whether every interface is programmed on the host. */
  boolean isProgrammed(Place place) {
    return desired.nics().stream()
        .map(nic -> Optional.ofNullable(observed.ports().get(nic.port())))
        .allMatch(p -> p.filter(v -> v.programmedOn().contains(place.host())).isPresent());
  }

  /** What was made for disks and interfaces that the machine has no more; no domain uses it. */
  List<VirtualMachineAction> surplus() {
    Set<String> volumes = desired.disks().stream().map(DiskAsk::volume).collect(Collectors.toSet());
    Set<String> ports = desired.nics().stream().map(NicAsk::port).collect(Collectors.toSet());
    List<VirtualMachineAction> plan = new ArrayList<>();
    observed
        .attachments()
        .forEach((volume, a) -> {
          if (a.presence() == Presence.OURS && !volumes.contains(volume)) {
            plan.add(new Delete(Delete.Kind.ATTACHMENT, volume));
          }
        });
    observed
        .ports()
        .forEach((name, port) -> {
          if (port.presence() == Presence.OURS && !ports.contains(name)) {
            plan.add(new Delete(Delete.Kind.PORT, name));
          }
        });
    return plan;
  }

  /** Gives the disks back; only when no domain is left. */
  List<VirtualMachineAction> withoutAttachments() {
    List<VirtualMachineAction> plan = new ArrayList<>();
    observed
        .attachments()
        .forEach((volume, a) -> {
          if (a.presence() == Presence.OURS) {
            plan.add(new Delete(Delete.Kind.ATTACHMENT, volume));
          }
        });
    return plan;
  }

  boolean hasAttachments() {
    return observed.attachments().values().stream()
        .anyMatch(a -> a.presence() == Presence.OURS || a.presence() == Presence.LEAVING);
  }

  /** Keeps the addresses of a machine that is stopped, on no host. */
  List<VirtualMachineAction> portsOnNoHost() {
    List<VirtualMachineAction> plan = new ArrayList<>();
    for (NicAsk nic : desired.nics()) {
      PortView port = observed.ports().get(nic.port());
      if (port != null && port.presence() == Presence.OURS && !port.hosts().isEmpty()) {
        plan.add(new VirtualMachineAction.MovePort(nic.port(), nic.name(), ""));
      }
    }
    return plan;
  }

  /** Everything that goes with the machine. */
  List<VirtualMachineAction> absent() {
    List<VirtualMachineAction> plan = new ArrayList<>();
    observed
        .ports()
        .forEach((name, port) -> {
          if (port.presence() == Presence.OURS) {
            plan.add(new Delete(Delete.Kind.PORT, name));
          }
        });
    observed
        .volumes()
        .forEach((name, volume) -> {
          if (volume.presence() == Presence.OURS && volume.owned()) {
            plan.add(new Delete(Delete.Kind.VOLUME, name));
          }
        });
    return plan;
  }
}
