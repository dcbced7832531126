package dev.kumiko.app.simulator;

import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What users of the site write. */
final class Resources {
  static final String SYSTEM = "kumiko-system";
  static final String TENANT = "acme";
  private static final String GROUP = "group";

  private Resources() {}

  static Host host(Metal metal, List<Host.Fencing> fencing) {
    Host host = new Host();
    host.setMetadata(new ObjectMetaBuilder().withName(metal.name).build());
    host.setSpec(
        new Host.Spec(
            new Host.Connection("test:///default", null),
            Host.Mode.Active,
            new Host.Resources(8, "16Gi"),
            null,
            new Host.Overcommit(100, 100),
            List.of(metal.address),
            null,
            fencing));
    return host;
  }

  static List<Host.Fencing> plug() {
    return List.of(
        new Host.Fencing(
            Host.FencingMethod.Redfish,
            new Host.Redfish("https://10.0.9.1", "system", "plugs", null)));
  }

  /** The account of all power controllers. */
  static Secret account() {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(SYSTEM)
        .withName("plugs")
        .endMetadata()
        .withData(Map.of("username", encoded("root"), "password", encoded("horse")))
        .build();
  }

  static StoragePool pool(String name) {
    StoragePool pool = new StoragePool();
    pool.setMetadata(new ObjectMetaBuilder().withName(name).build());
    pool.setSpec(
        new StoragePool.Spec(
            List.of("10.78.0.1:3300"),
            "vms",
            "kumiko",
            "admin",
            "guest",
            "guest-key",
            List.of(),
            null,
            1000));
    return pool;
  }

  static Secret key() {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(SYSTEM)
        .withName("guest-key")
        .endMetadata()
        .withData(Map.of("key", encoded(encoded("a key of sixteen"))))
        .build();
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static VirtualMachine machine(Setup.Guest guest) {
    VirtualMachine machine = new VirtualMachine();
    machine.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(TENANT)
            .withName(guest.name())
            .withLabels(guest.near().map(n -> Map.of(GROUP, n.group())).orElse(Map.of()))
            .build());
    machine.setSpec(
        new VirtualMachine.Spec(
            VirtualMachine.RunPolicy.Always,
            null,
            guest.vcpus(),
            "512Mi",
            null,
            List.of(
                new VirtualMachine.Disk(
                    "root",
                    null,
                    new VirtualMachine.VolumeTemplate(
                        guest.pool(), "1Gi", null, null, Volume.DeletionPolicy.Delete))),
            List.of(new VirtualMachine.Interface("eth0", "front", null, null)),
            null,
            guest.near().flatMap(Resources::placement).orElse(null),
            null,
            new VirtualMachine.Recovery(guest.onHostFailure(), guest.priority())));
    return machine;
  }

  private static Optional<VirtualMachine.Placement> placement(Setup.Near near) {
    VirtualMachine.Neighbours group =
        new VirtualMachine.Neighbours(Map.of(GROUP, near.group()), null, true);
    return near.sort()
        .map(sort ->
            switch (sort) {
              case TOGETHER -> new VirtualMachine.Placement(Map.of(), group, null, null);
              case APART -> new VirtualMachine.Placement(Map.of(), null, group, null);
              case SPREAD -> new VirtualMachine.Placement(Map.of(), null, null, group);
            });
  }

  static Migration migration(VirtualMachine machine, Optional<String> target) {
    String name = machine.getMetadata().getName();
    Migration migration = new Migration();
    migration.setMetadata(
        new ObjectMetaBuilder().withNamespace(TENANT).withName(name + "-move").build());
    migration.setSpec(new Migration.Spec(name, target.orElse(null), null, 600, true, false));
    return migration;
  }

  /** As if storage had granted what is asked. */
  static Attachment granted(Attachment asked) {
    Attachment granted = new Attachment();
    granted.setMetadata(asked.getMetadata());
    granted.setSpec(asked.getSpec());
    granted.setStatus(
        new Attachment.Status(
            asked.getMetadata().getGeneration(),
            List.of(),
            List.of(),
            List.of(),
            asked.getSpec().hosts(),
            asked.getSpec().epoch(),
            null));
    return granted;
  }

  /** As the status of a machine says that was placed just now. */
  static VirtualMachine placed(VirtualMachine stored, Setup.Guest guest) {
    VirtualMachine placed = new VirtualMachine();
    placed.setMetadata(stored.getMetadata());
    placed.setSpec(stored.getSpec());
    placed.setStatus(
        new VirtualMachine.Status(
            null,
            List.of(),
            List.of(),
            List.of(),
            "Starting",
            new VirtualMachine.Placed(guest.host(), 1L),
            List.of(),
            guest.vcpus(),
            "512Mi",
            null,
            null,
            null,
            null,
            1L,
            null));
    return placed;
  }

  static VirtualMachine with(VirtualMachine machine, VirtualMachine.RunPolicy policy) {
    VirtualMachine.Spec s = machine.getSpec();
    VirtualMachine changed = new VirtualMachine();
    changed.setMetadata(machine.getMetadata());
    changed.setSpec(
        new VirtualMachine.Spec(
            policy,
            s.instanceType(),
            s.vcpus(),
            s.memory(),
            s.cpuModel(),
            s.disks(),
            s.interfaces(),
            s.cloudInit(),
            s.placement(),
            s.readiness(),
            s.recovery()));
    return changed;
  }

  static Host with(Host host, Host.Mode mode) {
    Host.Spec s = host.getSpec();
    Host changed = new Host();
    changed.setMetadata(host.getMetadata());
    changed.setSpec(
        new Host.Spec(
            s.connection(),
            mode,
            s.capacity(),
            s.reserved(),
            s.overcommit(),
            s.storageAddresses(),
            s.chassis(),
            s.fencing()));
    return changed;
  }

  static Host with(Host host, Map<String, String> annotations) {
    Host changed = new Host();
    changed.setMetadata(
        new ObjectMetaBuilder(host.getMetadata()).withAnnotations(annotations).build());
    changed.setSpec(host.getSpec());
    return changed;
  }
}
