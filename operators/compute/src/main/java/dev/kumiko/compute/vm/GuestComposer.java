package dev.kumiko.compute.vm;

import com.google.common.hash.Hashing;
import dev.kumiko.compute.domainxml.Acceleration;
import dev.kumiko.compute.domainxml.Disk;
import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.domainxml.Hardware;
import dev.kumiko.compute.domainxml.Marker;
import dev.kumiko.compute.domainxml.Nic;
import dev.kumiko.compute.domainxml.RbdImage;
import dev.kumiko.compute.libvirt.ConsoleLogs;
import dev.kumiko.compute.vm.ObservedVirtualMachine.PortView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.VolumeView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The guest as it is to be defined, once everything that it consists of is known. */
final class GuestComposer {
  /** Where the fabric's controller takes ports over (OVN: its integration bridge). */
  private static final String BRIDGE = "br-int";

  private GuestComposer() {}

  static Optional<GuestDefinition> compose(
      DesiredVirtualMachine desired, ObservedVirtualMachine observed, Acceleration acceleration) {
    Optional<List<Disk>> disks = disks(desired, observed);
    Optional<List<Nic>> nics = nics(desired, observed);
    if (disks.isEmpty() || nics.isEmpty() || desired.place().isEmpty()) {
      return Optional.empty();
    }
    DesiredVirtualMachine.Identity identity = desired.identity();
    Hardware hardware =
        new Hardware(
            Math.toIntExact(desired.size().amount().vcpus()),
            desired.size().amount().memoryKibibytes(),
            desired.size().cpuModel(),
            acceleration);
    return Optional.of(
        new GuestDefinition(
            identity.uid(),
            identity.domain(),
            new Marker(
                identity.namespace(),
                identity.name(),
                identity.uid().toString(),
                desired.place().get().epoch(),
                desired.restart(),
                shape(hardware, disks.get(), nics.get())),
            hardware,
            disks.get(),
            nics.get(),
            ConsoleLogs.path(identity.uid())));
  }

  /** Of what a guest gets only by being started anew. */
  private static String shape(Hardware hardware, List<Disk> disks, List<Nic> nics) {
    StringBuilder text = new StringBuilder();
    text.append(hardware.vcpus()).append(' ').append(hardware.memoryKibibytes());
    disks.forEach(disk -> text.append(' ').append(disk.image().path()));
    nics.forEach(nic -> text.append(' ').append(nic.port()));
    return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString().substring(0, 16);
  }

  private static Optional<List<Disk>> disks(
      DesiredVirtualMachine desired, ObservedVirtualMachine observed) {
    List<Disk> disks = new ArrayList<>();
    for (DesiredVirtualMachine.DiskAsk ask : desired.disks()) {
      Optional<RbdImage> image = image(observed, ask.volume());
      if (image.isEmpty()) {
        return Optional.empty();
      }
      disks.add(new Disk(Disk.target(disks.size()), image.get(), Disk.Access.READ_WRITE));
    }
    if (desired.cloudInit().isPresent()) {
      Optional<RbdImage> seed = image(observed, desired.seedVolume());
      if (seed.isEmpty()) {
        return Optional.empty();
      }
      disks.add(new Disk(Disk.target(disks.size()), seed.get(), Disk.Access.READ_ONLY));
    }
    return Optional.of(disks);
  }

  private static Optional<RbdImage> image(ObservedVirtualMachine observed, String volume) {
    return Optional.ofNullable(observed.volumes().get(volume)).flatMap(VolumeView::image);
  }

  private static Optional<List<Nic>> nics(
      DesiredVirtualMachine desired, ObservedVirtualMachine observed) {
    List<Nic> nics = new ArrayList<>();
    for (DesiredVirtualMachine.NicAsk ask : desired.nics()) {
      PortView port = observed.ports().get(ask.port());
      if (port == null || port.uid().isEmpty() || port.mac().isEmpty()) {
        return Optional.empty();
      }
      nics.add(new Nic(port.uid().get(), port.mac().get(), port.mtuBytes(), BRIDGE));
    }
    return Optional.of(nics);
  }
}
