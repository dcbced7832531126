package dev.kumiko.compute.domainxml;

import java.util.List;

/**
 * RBD disks. A failing write stops the guest instead of reaching it: the error of a fenced host
 * must not turn into a broken file system.
 */
final class Disks {
  private Disks() {}

  static List<Element> render(GuestDefinition guest) {
    return guest.disks().stream()
        .map(disk -> disk(disk, disk.equals(guest.disks().getFirst())))
        .toList();
  }

  private static Element disk(Disk disk, boolean boots) {
    Element element =
        Element.of(
                "disk",
                driver(disk.access()),
                Element.of(
                        "auth",
                        Element.of("secret")
                            .with("type", "ceph")
                            .with("usage", disk.image().secretUsage()))
                    .with("username", disk.image().user()),
                source(disk.image()),
                Element.of("target").with("dev", disk.target()).with("bus", "virtio"))
            .with("type", "network")
            .with("device", "disk");
    if (disk.access() == Disk.Access.READ_ONLY) {
      element = element.add(List.of(Element.of("readonly")));
    }
    return boots ? element.add(List.of(Element.of("boot").with("order", 1))) : element;
  }

  private static Element driver(Disk.Access access) {
    Element driver = Element.of("driver").with("name", "qemu").with("type", "raw");
    Element writable =
        switch (access) {
          case READ_WRITE -> driver.with("cache", "writeback").with("discard", "unmap");
          case READ_ONLY -> driver;
        };
    return writable.with("error_policy", "stop").with("rerror_policy", "stop");
  }

  private static Element source(RbdImage image) {
    return Element.of("source")
        .with("protocol", "rbd")
        .with("name", image.path())
        .add(
            image.monitors().stream()
                .map(m -> Element.of("host").with("name", m.host()).with("port", m.port()))
                .toList());
  }

  static List<Disk> parse(Element domain) {
    return domain.get("devices").all("disk").map(Disks::disk).toList();
  }

  private static Disk disk(Element disk) {
    Element source = disk.get("source");
    List<Monitor> monitors =
        source
            .all("host")
            .map(h ->
                new Monitor(
                    h.attribute("name"), Math.toIntExact(Numbers.parse(h.attribute("port")))))
            .toList();
    return new Disk(
        disk.get("target").attribute("dev"),
        new RbdImage(
            source.attribute("name"),
            monitors,
            disk.get("auth").attribute("username"),
            disk.get("auth", "secret").attribute("usage")),
        disk.find("readonly").isPresent() ? Disk.Access.READ_ONLY : Disk.Access.READ_WRITE);
  }
}
