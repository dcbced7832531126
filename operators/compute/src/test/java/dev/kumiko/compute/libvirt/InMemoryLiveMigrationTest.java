package dev.kumiko.compute.libvirt;

import java.net.URI;

final class InMemoryLiveMigrationTest extends LiveMigrationContract {
  private final InMemoryHypervisor source = new InMemoryHypervisor("source");
  private final InMemoryHypervisor destination = new InMemoryHypervisor("destination");

  @Override
  Hypervisor source() {
    source.meet(destination);
    return source;
  }

  @Override
  Hypervisor destination() {
    return destination;
  }

  @Override
  URI address() {
    return URI.create("test:///default");
  }
}
