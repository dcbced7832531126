package dev.kumiko.compute.libvirt;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.URI;
import org.junit.jupiter.api.BeforeAll;

/** libvirt's migration between two real hosts, which trust each other by TLS. */
final class LiveMigrationIT extends LiveMigrationContract {
  @BeforeAll
  static void needsTwoHosts() {
    assumeThat(LabHosts.all())
        .as("KUMIKO_HOSTS names fewer than two hosts: see e2e/lab env")
        .hasSizeGreaterThan(1);
  }

  @Override
  Hypervisor source() {
    return LibvirtHypervisorIT.open(LabHosts.all().getFirst());
  }

  @Override
  Hypervisor destination() {
    return LibvirtHypervisorIT.open(LabHosts.all().get(1));
  }

  /** With where the source has its own certificate, as a client of the destination. */
  @Override
  URI address() {
    return URI.create(LabHosts.all().get(1).uri() + "?pkipath=/etc/libvirt/pki");
  }
}
