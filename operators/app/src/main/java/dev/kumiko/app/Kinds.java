package dev.kumiko.app;

import dev.kumiko.compute.host.HostKind;
import dev.kumiko.compute.instancetype.InstanceTypeKind;
import dev.kumiko.compute.libvirt.LibvirtHosts;
import dev.kumiko.compute.migration.MigrationKind;
import dev.kumiko.compute.power.PowerControllers;
import dev.kumiko.compute.power.RedfishPowerController;
import dev.kumiko.compute.vm.VirtualMachineKind;
import dev.kumiko.network.controller.ControllerKind;
import dev.kumiko.network.fabric.ovn.OvnFabrics;
import dev.kumiko.network.network.NetworkKind;
import dev.kumiko.network.port.PortKind;
import dev.kumiko.network.vrf.VrfKind;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.storage.attachment.AttachmentKind;
import dev.kumiko.storage.ceph.ConnectedPools;
import dev.kumiko.storage.fence.FenceKind;
import dev.kumiko.storage.image.ImageImports;
import dev.kumiko.storage.pool.StoragePoolKind;
import dev.kumiko.storage.volume.VolumeKind;
import dev.kumiko.storage.work.Works;
import dev.kumiko.tenancy.TenantKind;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per kind, and what the kinds of a group share. */
final class Kinds implements AutoCloseable {
  private static final int STUCK = 4;
  private static final int PARALLEL_IMPORTS = 2;
  private static final int PARALLEL_REMOVALS = 4;
  private static final Logger log = LoggerFactory.getLogger(Kinds.class);
  private final Settings settings;
  private final Cluster cluster;
  private final BooleanSupplier leads;
  private final InstantSource clock;
  private final Consumer<VirtualMachine.Recovered> recovered;
  private final List<AutoCloseable> connections = new ArrayList<>();

  /**
   * @param leads whether this process holds its lease right now
   * @param recovered is told the story of each machine that is Ready again after the loss of its
   *     host
   */
  Kinds(
      Settings settings,
      Cluster cluster,
      BooleanSupplier leads,
      InstantSource clock,
      Consumer<VirtualMachine.Recovered> recovered) {
    this.leads = leads;
    this.settings = settings;
    this.cluster = cluster;
    this.clock = clock;
    this.recovered = recovered;
  }

  List<Kind<?, ?, ?, ?>> of(Group group) throws IOException {
    return switch (group) {
      case TENANCY -> List.of(new TenantKind(cluster));
      case NETWORK -> network();
      case STORAGE -> storage();
      case COMPUTE -> compute();
    };
  }

  private List<Kind<?, ?, ?, ?>> network() {
    OvnFabrics fabrics = connected(new OvnFabrics(cluster, settings.namespace()));
    return List.of(
        new ControllerKind(cluster, fabrics),
        new VrfKind(cluster, fabrics),
        new NetworkKind(cluster, fabrics),
        new PortKind(cluster, fabrics));
  }

  private List<Kind<?, ?, ?, ?>> storage() throws IOException {
    ConnectedPools pools =
        connected(new ConnectedPools(cluster, settings.namespace(), Kinds::stuck));
    Path downloads = Files.createDirectories(settings.scratch().resolve("images"));
    ImageImports imports =
        new ImageImports(
            downloads,
            settings.imageBytes(),
            settings.scratchBytes(),
            PARALLEL_IMPORTS,
            settings.deniedSources());
    return List.of(
        new StoragePoolKind(cluster, pools, settings.namespace()),
        imports.kind(cluster, pools),
        new VolumeKind(cluster, pools, Works.onThreads("remove-volume", PARALLEL_REMOVALS, clock)),
        new AttachmentKind(cluster, pools),
        new FenceKind(cluster, pools));
  }

  /** What waits for ever inside a native library ends with the process only. */
  private static void stuck(String endpoint) {
    log.error("Calls of {} do not end: this process does", endpoint);
    Runtime.getRuntime().halt(STUCK);
  }

  private List<Kind<?, ?, ?, ?>> compute() throws IOException {
    Path certificates = Files.createDirectories(settings.scratch().resolve("libvirt"));
    LibvirtHosts hosts = connected(new LibvirtHosts(certificates, clock));
    VirtualMachineKind machines =
        new VirtualMachineKind(
            cluster, hosts, settings.namespace(), settings.sparedHosts(), leads, clock);
    machines.tell(recovered);
    PowerControllers power =
        connected(new PowerControllers(cluster, settings.namespace(), RedfishPowerController::new));
    HostKind hostKind =
        new HostKind(cluster, hosts, settings.namespace(), settings.policy(), clock);
    hostKind.switchOffWith(power, task -> Thread.ofVirtual().name("power-off").start(task));
    return List.of(
        hostKind,
        new InstanceTypeKind(cluster),
        machines,
        new MigrationKind(
            cluster, hosts, machines.room(), settings.parallelMigrations(), leads, clock));
  }

  private <T extends AutoCloseable> T connected(T connection) {
    connections.add(connection);
    return connection;
  }

  /** Ends the connections to the outside world. */
  @Override
  public void close() {
    for (AutoCloseable connection : connections) {
      try {
        connection.close();
      } catch (Exception e) {
        log.warn("{} did not close: {}", connection.getClass().getSimpleName(), e.toString());
      }
    }
  }
}
