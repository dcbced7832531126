package dev.kumiko.compute.domainxml;

import java.util.List;
import java.util.UUID;

/** Network interfaces on the fabric's bridge; the Open vSwitch port carries the Port's UID. */
final class Nics {
  private Nics() {}

  static List<Element> render(GuestDefinition guest) {
    return guest.nics().stream().map(Nics::nic).toList();
  }

  private static Element nic(Nic nic) {
    return Element.of(
            "interface",
            Element.of("mac").with("address", nic.mac()),
            Element.of("source").with("bridge", nic.bridge()),
            Element.of("virtualport", Element.of("parameters").with("interfaceid", nic.port()))
                .with("type", "openvswitch"),
            Element.of("model").with("type", "virtio"),
            Element.of("mtu").with("size", nic.mtuBytes()),
            // Guests boot from their disk: without a ROM the firmware does not try the network.
            Element.of("rom").with("enabled", "no"))
        .with("type", "bridge");
  }

  static List<Nic> parse(Element domain) {
    return domain.get("devices").all("interface").map(Nics::nic).toList();
  }

  private static Nic nic(Element nic) {
    return new Nic(
        uuid(nic.get("virtualport", "parameters").attribute("interfaceid")),
        nic.get("mac").attribute("address"),
        Math.toIntExact(Numbers.parse(nic.get("mtu").attribute("size"))),
        nic.get("source").attribute("bridge"));
  }

  private static UUID uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new NotOurs("not a UUID: '" + text + "'", e);
    }
  }
}
