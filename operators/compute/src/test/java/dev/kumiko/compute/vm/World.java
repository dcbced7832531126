package dev.kumiko.compute.vm;

import dev.kumiko.compute.Dial;
import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.InMemoryHosts;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Scenario;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Two hosts, a pool, and a storage and a network that answer at once. */
public final class World implements Scenario<VirtualMachine> {
  static final String SYSTEM = "kumiko-system";
  static final String TENANT = "acme";

  /** Processor models that each host can run. */
  private static final Map<String, List<String>> CPU_MODELS =
      Map.of("h1", List.of("EPYC-Rome", "Nehalem"), "h2", List.of("Nehalem", "Skylake-Server-v4"));

  private static final String KEY =
      Base64.getEncoder().encodeToString("a key of sixteen".getBytes(StandardCharsets.UTF_8));

  final Dial clock = new Dial();
  final InMemoryCluster cluster = new InMemoryCluster(clock);
  final InMemoryHosts hosts = new InMemoryHosts();
  boolean leads = true;
  private final VirtualMachine machine;

  /** Turned off to see what a machine does while nobody answers. */
  boolean storageAnswers = true;

  boolean networkAnswers = true;

  /** What probes find. */
  boolean guestsAnswer = true;

  public World() {
    this(machine("web"));
  }

  World(VirtualMachine machine) {
    this.machine = machine;
    for (String name : List.of("h1", "h2")) {
      hosts.opened(name);
      Host host = host(name, 8, "16Gi");
      cluster.create(host);
      status(host);
    }
    StoragePool pool = new StoragePool();
    pool.setMetadata(new ObjectMetaBuilder().withName("fast").build());
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
    cluster.create(pool);
    cluster.create(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(SYSTEM)
            .withName("guest-key")
            .endMetadata()
            .withData(
                Map.of(
                    "key",
                    Base64.getEncoder().encodeToString(KEY.getBytes(StandardCharsets.UTF_8))))
            .build());
  }

  public InMemoryHosts hosts() {
    return hosts;
  }

  public void networkAnswers(boolean yes) {
    networkAnswers = yes;
  }

  public void guestsAnswer(boolean yes) {
    guestsAnswer = yes;
  }

  /** No new guest comes to the host. */
  public void cordon(String name) {
    Host stored = cluster.get(Host.class, "", name).orElseThrow();
    Host.Spec spec = stored.getSpec();
    stored.setSpec(
        new Host.Spec(
            spec.connection(),
            Host.Mode.Cordoned,
            spec.capacity(),
            spec.reserved(),
            spec.overcommit(),
            spec.storageAddresses(),
            spec.chassis(),
            List.of()));
    cluster.apply(stored);
  }

  public Dial clock() {
    return clock;
  }

  static Host host(String name, int vcpus, String memory) {
    Host host = new Host();
    host.setMetadata(new ObjectMetaBuilder().withName(name).build());
    host.setSpec(
        new Host.Spec(
            new Host.Connection("test:///default", null),
            Host.Mode.Active,
            new Host.Resources(vcpus, memory),
            null,
            null,
            List.of(),
            null,
            List.of()));
    return host;
  }

  /** As the Host's own operator reports it. */
  void status(Host host) {
    String name = host.getMetadata().getName();
    Host stored = cluster.get(Host.class, "", name).orElseThrow();
    Host.Resources all = stored.getSpec().capacity();
    stored.setStatus(
        new Host.Status(
            null,
            List.of(),
            List.of(),
            List.of(),
            all,
            all,
            null,
            null,
            null,
            null,
            CPU_MODELS.getOrDefault(name, List.of()),
            null,
            null,
            null,
            null,
            null,
            null));
    cluster.updateStatus(stored);
  }

  /** As the status of a machine says that was placed just now. */
  void place(String name, String host) {
    VirtualMachine stored = cluster.get(VirtualMachine.class, TENANT, name).orElseThrow();
    stored.setStatus(
        new VirtualMachine.Status(
            null,
            List.of(),
            List.of(),
            List.of(),
            "Starting",
            new VirtualMachine.Placed(host, 1L),
            List.of(),
            2,
            "512Mi",
            null,
            null,
            null,
            null,
            1L,
            null));
    cluster.updateStatus(stored);
  }

  static VirtualMachine machine(String name) {
    return machine(
        name, new VirtualMachine.CloudInit(null, null, null, List.of("ssh-ed25519 AAAA me")));
  }

  static VirtualMachine machine(String name, VirtualMachine.@Nullable CloudInit cloudInit) {
    VirtualMachine machine = new VirtualMachine();
    machine.setMetadata(new ObjectMetaBuilder().withNamespace(TENANT).withName(name).build());
    machine.setSpec(
        new VirtualMachine.Spec(
            VirtualMachine.RunPolicy.Always,
            null,
            2,
            "512Mi",
            null,
            List.of(
                new VirtualMachine.Disk(
                    "root",
                    null,
                    new VirtualMachine.VolumeTemplate(
                        "fast", "1Gi", "tiny", null, Volume.DeletionPolicy.Delete))),
            List.of(new VirtualMachine.Interface("eth0", "front", null, null)),
            cloudInit,
            null,
            null,
            null));
    return machine;
  }

  /** The same, asked in this way whether it answers. */
  public static VirtualMachine.Spec with(
      VirtualMachine.Spec s, VirtualMachine.ReadinessProbe readiness) {
    return new VirtualMachine.Spec(
        s.runPolicy(),
        s.instanceType(),
        s.vcpus(),
        s.memory(),
        s.cpuModel(),
        s.disks(),
        s.interfaces(),
        s.cloudInit(),
        s.placement(),
        readiness,
        s.recovery());
  }

  @Override
  public InMemoryCluster cluster() {
    return cluster;
  }

  @Override
  public Kind<VirtualMachine, ?, ?, ?> kind() {
    return new VirtualMachineKind(cluster, hosts, SYSTEM, 0, () -> leads, clock);
  }

  @Override
  public VirtualMachine resource() {
    return new io.fabric8.kubernetes.client.utils.KubernetesSerialization().clone(machine);
  }

  /** Time passes, guests hear their power button, storage and network answer. */
  @Override
  public void neighbours() {
    clock.turn(Duration.ofSeconds(10));
    if (storageAnswers) {
      storage();
    }
    if (networkAnswers) {
      cluster.list(Port.class).forEach(this::answer);
    }
  }

  /** Storage alone, at once. */
  void storage() {
    cluster.list(Volume.class).forEach(this::answer);
    cluster.list(Attachment.class).forEach(this::answer);
  }

  private void answer(Volume volume) {
    if (left(volume) || volume.observed().isReady()) {
      return;
    }
    volume.setStatus(
        new Volume.Status(
            1L,
            ready(),
            List.of(),
            List.of(),
            "1Gi",
            1L << 30,
            "vms/volume-" + volume.getMetadata().getName(),
            "id",
            null,
            null));
    cluster.updateStatus(volume);
  }

  private void answer(Attachment attachment) {
    if (left(attachment)) {
      return;
    }
    Attachment.Spec spec = attachment.getSpec();
    Attachment.Status granted =
        new Attachment.Status(1L, ready(), List.of(), List.of(), spec.hosts(), spec.epoch(), null);
    if (!granted.equals(attachment.getStatus())) {
      attachment.setStatus(granted);
      cluster.updateStatus(attachment);
    }
  }

  private void answer(Port port) {
    if (left(port)) {
      return;
    }
    List<String> wanted = port.getSpec().hosts();
    Port.Status before = port.observed();
    boolean probed =
        port.getSpec().probe() == null || Boolean.valueOf(guestsAnswer).equals(before.answers());
    Long generation = port.getMetadata().getGeneration();
    boolean isCurrent = generation.equals(before.observedGeneration());
    if (isCurrent && before.isReady() && before.programmedOn().equals(wanted) && probed) {
      return;
    }
    port.setStatus(
        new Port.Status(
            generation,
            ready(),
            List.of(),
            List.of(),
            "10.1.1.10",
            24,
            "10.1.1.1",
            "02:00:00:00:00:0a",
            100,
            1500,
            null,
            wanted,
            port.getSpec().probe() == null ? null : guestsAnswer));
    cluster.updateStatus(port);
  }

  /** Finalizers of the other operators go as soon as they may. */
  private boolean left(HasMetadata object) {
    if (object.getMetadata().getDeletionTimestamp() == null) {
      return false;
    }
    cluster.removeFinalizer(object);
    return true;
  }

  private List<Condition> ready() {
    return List.of(new Condition("Ready", "True", "Ready", "", "2026-01-01T00:00:00Z", 1L));
  }

  /** Which keys a host has is seen when the machine is placed there. */
  @Override
  public boolean isUnforeseen(String action) {
    return action.startsWith("give host ");
  }

  @Override
  public List<String> endpoints() {
    return List.of("libvirt/h1");
  }

  /** Both, or the machine would be placed on the other. */
  @Override
  public void fail(String endpoint) {
    List.of("h1", "h2").forEach(h -> hosts.host(h).reachable(false));
  }

  @Override
  public void heal(String endpoint) {
    List.of("h1", "h2").forEach(h -> hosts.host(h).reachable(true));
  }

  @Override
  public Object world() {
    Map<String, Object> world = new TreeMap<>();
    List<String> made = new ArrayList<>();
    for (String name : cluster.names()) {
      if (!name.startsWith("Host ")
          && !name.startsWith("StoragePool ")
          && !name.contains(SYSTEM)
          && !name.startsWith("VirtualMachine ")) {
        made.add(name);
      }
    }
    world.put("objects", made);
    for (String host : List.of("h1", "h2")) {
      world.put(
          host,
          hosts.host(host).guests().stream()
              .map(g ->
                  g.name().replaceFirst("\\.[0-9a-f]{8}$", "") + " " + g.state() + starts(host, g))
              .toList());
    }
    return world;
  }

  /** A guest that boots twice for one failure is not the same world. */
  private String starts(String host, Guest guest) {
    return " started " + hosts.host(host).starts(guest.uuid());
  }

  @Override
  public Object emptyWorld() {
    return new World(machine).world();
  }

  Optional<VirtualMachine> latest() {
    ObjectKey key = ObjectKey.of(machine);
    return cluster.get(VirtualMachine.class, key.namespace(), key.name());
  }
}
