package dev.kumiko.compute.domainxml;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The libvirt document of a guest (libvirt.org/formatdomain.html, written for libvirt 9.0 and
 * later).
 */
public final class DomainXml {
  private static final List<Part> DOMAIN =
      List.of(Identity::render, Memory::render, Cpu::render, Machine::render, Lifecycle::render);
  private static final List<Part> DEVICES =
      List.of(Disks::render, Nics::render, SerialConsole::render, Peripherals::render);

  private DomainXml() {}

  /** The document that defines the guest. */
  public static String render(GuestDefinition guest) {
    return XmlText.write(element(guest));
  }

  static Element element(GuestDefinition guest) {
    return Element.of("domain")
        .with("type", guest.hardware().acceleration().domainType())
        .add(all(DOMAIN, guest))
        .add(List.of(Element.of("devices").add(all(DEVICES, guest))));
  }

  private static List<Element> all(List<Part> parts, GuestDefinition guest) {
    return parts.stream().flatMap(part -> part.render(guest).stream()).toList();
  }

  /**
   * What we set in a domain, read back from libvirt's own document of it.
   *
   * @return empty when the domain does not carry our marker
   * @throws NotOurs when it carries our marker but was changed beyond recognition
   */
  public static Optional<GuestDefinition> parse(String document) {
    Element domain = XmlText.parse(document);
    return domain.find("metadata", Marker.ELEMENT).map(m -> guest(domain, Marker.of(m)));
  }

  /** Our marker in a domain's document, whatever else is in it. */
  public static Optional<Marker> marker(String document) {
    return XmlText.parse(document).find("metadata", Marker.ELEMENT).map(Marker::of);
  }

  /** Our marker as libvirt returns it from a domain's metadata alone. */
  public static Marker markerOfMetadata(String metadata) {
    return Marker.of(XmlText.parse(metadata));
  }

  private static GuestDefinition guest(Element domain, Marker marker) {
    return new GuestDefinition(
        UUID.fromString(domain.get("uuid").text()),
        domain.get("name").text(),
        marker,
        new Hardware(
            Cpu.parse(domain),
            Memory.parse(domain),
            Cpu.model(domain),
            Acceleration.ofDomainType(domain.attribute("type"))),
        Disks.parse(domain),
        Nics.parse(domain),
        SerialConsole.parse(domain));
  }
}
