package dev.kumiko.compute.domainxml;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Guests that tests share; every value is distinct. */
public final class Guests {
  public static final UUID WEB = UUID.fromString("6f1c1a5e-0000-4000-8000-000000000001");

  private Guests() {}

  /** A guest with two disks, a seed and two interfaces. */
  public static GuestDefinition web(Acceleration acceleration) {
    return web(new Hardware(2, 131072, Optional.empty(), acceleration));
  }

  /** The same, by KVM with a processor of that model. */
  static GuestDefinition withCpuModel(String model) {
    return web(new Hardware(2, 131072, Optional.of(model), Acceleration.KVM));
  }

  private static GuestDefinition web(Hardware hardware) {
    return new GuestDefinition(
        WEB,
        "blue.web.6f1c1a5e",
        new Marker("blue", "web", WEB.toString(), 3, "9f86d081", "5f2a91c07be4d813"),
        hardware,
        List.of(
            disk(0, "volume-a", Disk.Access.READ_WRITE),
            disk(1, "volume-b", Disk.Access.READ_WRITE),
            disk(2, "volume-c", Disk.Access.READ_ONLY)),
        List.of(
            new Nic(
                UUID.fromString("6f1c1a5e-0000-4000-8000-000000000002"),
                "02:00:00:00:00:0a",
                1500,
                "br-int"),
            new Nic(
                UUID.fromString("6f1c1a5e-0000-4000-8000-000000000003"),
                "02:00:00:00:00:0b",
                1400,
                "br-int")),
        "/var/log/libvirt/kumiko/6f1c1a5e-0000-4000-8000-000000000001.log");
  }

  /** A guest that starts anywhere: no disks, no interfaces. */
  public static GuestDefinition bare(UUID uuid, String name, long epoch) {
    return bare(uuid, name, epoch, Optional.empty());
  }

  /** As {@link #bare(UUID, String, long)}, with a processor of that model. */
  public static GuestDefinition bare(
      UUID uuid, String name, long epoch, Optional<String> cpuModel) {
    return new GuestDefinition(
        uuid,
        name,
        new Marker("blue", "bare", uuid.toString(), epoch, "", ""),
        new Hardware(1, 32768, cpuModel, Acceleration.TCG),
        List.of(),
        List.of(),
        "/var/log/libvirt/kumiko/" + uuid + ".log");
  }

  static Disk disk(int index, String image, Disk.Access access) {
    return new Disk(
        Disk.target(index),
        new RbdImage(
            "vms/" + image,
            List.of(new Monitor("10.78.0.1", 3300), new Monitor("10.78.0.2", 6789)),
            "guest",
            "kumiko.dev.fast"),
        access);
  }
}
