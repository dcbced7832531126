package dev.kumiko.compute.libvirt;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumiko.reconcile.Endpoint;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;

/** The adapter against libvirt's test driver, which shares its state inside one process. */
final class TestDriverHypervisorTest extends HypervisorContract {
  private static final URI TEST = URI.create("test:///default");

  @BeforeAll
  static void needsLibvirt() {
    assumeTrue(TestDriver.missing().isEmpty(), TestDriver::missing);
  }

  @Override
  Hypervisor open() {
    return new LibvirtHypervisor(
        new HostAddress("test", TEST, Optional.<Path>empty()),
        new Endpoint("libvirt/test", 2, Duration.ofSeconds(5)),
        new Endpoint("libvirt/test/qemu", 2, Duration.ofSeconds(5)),
        InstantSource.system(),
        TestDriver::document);
  }

  @Override
  boolean startsPaused() {
    return false;
  }

  @Override
  void plantForeign(UUID foreign, String foreignName) {
    EventLoop.ensureRunning();
    try {
      Connect connect = new Connect(TEST.toString());
      connect
          .domainDefineXML(
              "<domain type='test'><name>%s</name><uuid>%s</uuid><memory>1024</memory><os><type>hvm</type></os></domain>"
                  .formatted(foreignName, foreign))
          .create();
      connect.close();
    } catch (LibvirtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  void removeForeign(UUID foreign) {
    try {
      Connect connect = new Connect(TEST.toString());
      Domain domain = connect.domainLookupByUUID(foreign);
      domain.destroy();
      domain.undefine();
      connect.close();
    } catch (LibvirtException e) {
      throw new IllegalStateException(e);
    }
  }
}
