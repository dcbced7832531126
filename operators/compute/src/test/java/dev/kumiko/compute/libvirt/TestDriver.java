package dev.kumiko.compute.libvirt;

import dev.kumiko.compute.domainxml.DomainXml;
import dev.kumiko.compute.domainxml.GuestDefinition;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** libvirt's own test driver: real calls and documents, simulated guests. */
final class TestDriver {
  /** All connections to it share one simulated host while any is open. */
  static final HostAddress ADDRESS =
      new HostAddress("test", URI.create("test:///default"), Optional.empty());

  private TestDriver() {}

  /** Why tests on it cannot run here; empty when they can, or must because the lab is up. */
  static String missing() {
    if (System.getenv("KUMIKO_LAB") != null) {
      return "";
    }
    try {
      org.libvirt.Library.getVersion();
    } catch (org.libvirt.LibvirtException | LinkageError e) {
      return "libvirt's client library (libvirt0) is not installed: " + e;
    }
    return Files.exists(Path.of("/usr/share/libvirt/schemas/domain.rng"))
        ? ""
        : "libvirt's schemas (package libvirt-daemon or libvirt-clients) are not installed";
  }

  /** The driver knows no other type of domain. */
  static String document(GuestDefinition guest) {
    return DomainXml.render(guest).replaceFirst("<domain type=\"\\w+\"", "<domain type=\"test\"");
  }
}
