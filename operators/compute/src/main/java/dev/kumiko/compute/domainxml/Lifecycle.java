package dev.kumiko.compute.domainxml;

import java.util.List;

/** What the host does by itself: a guest that powers off or crashes ends, and we decide. */
final class Lifecycle {
  private Lifecycle() {}

  static List<Element> render(GuestDefinition guest) {
    return List.of(
        Element.text("on_poweroff", "destroy"),
        Element.text("on_reboot", "restart"),
        Element.text("on_crash", "destroy"));
  }
}
