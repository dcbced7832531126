package dev.kumiko.compute.domainxml;

/**
 * What the domain itself remembers: whose it is, which placement and which wish to restart it was
 * made for.
 *
 * @param namespace namespace of the VirtualMachine
 * @param name name of the VirtualMachine
 * @param uid UID of the VirtualMachine
 * @param epoch placement that the domain was made for; a domain with an older one is stale
 * @param restart digest of the annotation that asks for a restart; empty without one
 * @param shape digest of the size, disks and interfaces that it was made with; empty: unknown
 */
public record Marker(
    String namespace, String name, String uid, long epoch, String restart, String shape) {
  /** Namespace of our element in a domain's metadata. */
  public static final String XML_NAMESPACE = "https://kumiko.dev/libvirt/1";

  static final String ELEMENT = "kumiko:guest";

  Element render() {
    return Element.of(
            ELEMENT,
            Element.of("kumiko:owner")
                .with("kind", "VirtualMachine")
                .with("namespace", namespace)
                .with("name", name)
                .with("uid", uid))
        .with("xmlns:kumiko", XML_NAMESPACE)
        .with("epoch", epoch)
        .with("restart", restart)
        .with("shape", shape);
  }

  static Marker of(Element guest) {
    // virDomainGetMetadata drops the prefix, the full document keeps it.
    Element owner =
        guest
            .find("kumiko:owner")
            .or(() -> guest.find("owner"))
            .orElseThrow(() -> new NotOurs("our metadata names no owner"));
    return new Marker(
        owner.attribute("namespace"),
        owner.attribute("name"),
        owner.attribute("uid"),
        Numbers.parse(guest.attribute("epoch")),
        guest.attribute("restart"),
        guest.attribute("shape"));
  }
}
