package dev.kumiko.compute.domainxml;

import java.util.List;

/** What every guest gets: entropy, a balloon for memory figures, the agent's channel. */
final class Peripherals {
  private Peripherals() {}

  static List<Element> render(GuestDefinition guest) {
    return List.of(
        Element.of("controller").with("type", "usb").with("model", "none"),
        Element.of(
                "channel",
                Element.of("target").with("type", "virtio").with("name", "org.qemu.guest_agent.0"))
            .with("type", "unix"),
        Element.of("rng", Element.text("backend", "/dev/urandom").with("model", "random"))
            .with("model", "virtio"),
        Element.of("memballoon").with("model", "virtio"),
        Element.of("video", Element.of("model").with("type", "none")));
  }
}
