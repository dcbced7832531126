package dev.kumiko.compute.domainxml;

import java.util.List;

/** Memory of the guest; libvirt's own unit is KiB. */
final class Memory {
  private Memory() {}

  static List<Element> render(GuestDefinition guest) {
    return List.of(
        Element.text("memory", Long.toString(guest.hardware().memoryKibibytes()))
            .with("unit", "KiB"));
  }

  static long parse(Element domain) {
    return Numbers.parse(domain.get("memory").text());
  }
}
