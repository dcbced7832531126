package dev.kumiko.compute.domainxml;

import java.util.List;

/** Name, UUID and our marker. */
final class Identity {
  private Identity() {}

  static List<Element> render(GuestDefinition guest) {
    return List.of(
        Element.text("name", guest.name()),
        Element.text("uuid", guest.uuid().toString()),
        Element.of("metadata", guest.marker().render()));
  }
}
