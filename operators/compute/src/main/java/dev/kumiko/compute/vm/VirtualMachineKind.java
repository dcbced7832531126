package dev.kumiko.compute.vm;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.placement.Room;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Pass;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.reconcile.Wake;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.InstanceType;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Places guests, starts them by proof, keeps them as their specs say. */
public final class VirtualMachineKind
    implements Kind<
        VirtualMachine, DesiredVirtualMachine, ObservedVirtualMachine, VirtualMachineAction> {
  /** How long a guest may take to power off when it is asked to. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Cluster cluster;
  private final Hosts hosts;
  private final VirtualMachineDesire desire;
  private final VirtualMachineObserve observe;
  private final ObjectApply objects;
  private final MovingRoom room;
  private final GuestApply guests;
  private final VirtualMachineReport report;

  private volatile Consumer<VirtualMachine.Recovered> recovered = story -> {};

  /** Which machine a domain belongs to, also when the domain is gone; each pass renews it. */
  private final Cache<UUID, ObjectKey> known =
      CacheBuilder.newBuilder().expireAfterAccess(Duration.ofHours(1)).build();

  /**
   * @param namespace the operators' own, where Ceph keys are
   * @param spared loss of how many hosts there is to be room for
   * @param leads whether this process holds its lease right now
   */
  public VirtualMachineKind(
      Cluster cluster,
      Hosts hosts,
      String namespace,
      int spared,
      BooleanSupplier leads,
      InstantSource clock) {
    this.cluster = cluster;
    this.hosts = hosts;
    Tempo tempo = new Tempo(clock, GRACE);
    Sight sight = new Sight(cluster, hosts);
    CephKeys keys = new CephKeys(cluster, namespace);
    this.desire =
        new VirtualMachineDesire(cluster, sight, tempo, new Recoveries(cluster, sight, clock));
    CandidateHosts candidates = new CandidateHosts(cluster, hosts, spared);
    this.room = new MovingRoom(desire, candidates);
    this.observe = new VirtualMachineObserve(cluster, sight, keys, candidates, tempo);
    this.objects = new ObjectApply(cluster, candidates, sight, clock);
    this.guests = new GuestApply(hosts, keys, new Proof(cluster, leads), tempo);
    this.report = new VirtualMachineReport(clock);
  }

  /** Hosts for guests that are to move. */
  public Room room() {
    return room;
  }

  @Override
  public Class<VirtualMachine> type() {
    return VirtualMachine.class;
  }

  @Override
  public Desired<DesiredVirtualMachine> desire(VirtualMachine machine) {
    known.put(UUID.fromString(machine.getMetadata().getUid()), ObjectKey.of(machine));
    return desire.of(machine);
  }

  @Override
  public ObservedVirtualMachine observe(VirtualMachine machine, DesiredVirtualMachine asked) {
    return observe.of(machine, asked);
  }

  @Override
  public List<VirtualMachineAction> plan(
      Desired<DesiredVirtualMachine> desired, ObservedVirtualMachine observed) {
    return VirtualMachinePlan.plan(desired, observed);
  }

  @Override
  public List<String> outlook(
      Desired<DesiredVirtualMachine> desired, ObservedVirtualMachine observed) {
    return Outlook.of(desired, observed);
  }

  @Override
  public void apply(Pass<VirtualMachine> pass, VirtualMachineAction action) {
    DesiredVirtualMachine asked =
        switch (desire.of(pass.resource())) {
          case Desired.Present<DesiredVirtualMachine> present -> present.value();
          case Desired.Absent<DesiredVirtualMachine> absent -> absent.value();
          case Desired.Blocked<DesiredVirtualMachine> _ -> desire.unblocked(pass.resource());
        };
    switch (action) {
      case VirtualMachineAction.OnApi api -> objects.apply(pass, asked, api);
      case VirtualMachineAction.OnHost host -> guests.apply(asked, host);
    }
  }

  @Override
  public Report report(
      VirtualMachine machine,
      Desired<DesiredVirtualMachine> desired,
      Optional<ObservedVirtualMachine> observed) {
    Report found = report.of(machine, desired, observed);
    VirtualMachine.Status status = (VirtualMachine.Status) found.status();
    Story.ended(machine.observed(), status).ifPresent(story -> tell(machine, status, story));
    return found;
  }

  /** Before it is written that it is over: who comes after one that dies in between tells it. */
  private void tell(
      VirtualMachine machine, VirtualMachine.Status status, VirtualMachine.Recovered story) {
    recovered.accept(story);
    Optional.ofNullable(status.placement())
        .ifPresent(placed ->
            cluster.event(
                machine, Cluster.Severity.Normal, "Recovered", new Tale(story).on(placed.host())));
  }

  /** Hands the kind somebody who is told the story of each machine that is Ready again. */
  public void tell(Consumer<VirtualMachine.Recovered> listener) {
    recovered = listener;
  }

  /** A deletion waits for a move: nobody else would know where the guest is. */
  @Override
  public boolean holds(ObservedVirtualMachine observed) {
    return observed.transit().isPresent();
  }

  @Override
  public List<Watch<?>> watches() {
    return List.of(
        new Watch<>(Migration.class, VirtualMachineKind::moved),
        new Watch<>(Volume.class, this::usersOf),
        new Watch<>(Port.class, VirtualMachineKind::maker),
        new Watch<>(Attachment.class, VirtualMachineKind::maker),
        new Watch<>(Host.class, host -> unplaced()),
        new Watch<>(Fence.class, this::concerned),
        new Watch<>(InstanceType.class, type -> unplaced()),
        new Watch<>(StoragePool.class, pool -> List.of()));
  }

  private static Collection<ObjectKey> moved(Migration migration) {
    return List.of(
        ObjectKey.of(migration.getMetadata().getNamespace(), migration.getSpec().virtualMachine()));
  }

  private static Collection<ObjectKey> maker(HasMetadata made) {
    return Companions.machine(made).stream()
        .map(name -> ObjectKey.of(made.getMetadata().getNamespace(), name))
        .toList();
  }

  /** The machine that it was made for, or those that name it. */
  private Collection<ObjectKey> usersOf(Volume volume) {
    Collection<ObjectKey> maker = maker(volume);
    return maker.isEmpty()
        ? machines(m ->
            volume.getMetadata().getNamespace().equals(m.getMetadata().getNamespace())
                && m.getSpec().disks().stream()
                    .anyMatch(d -> volume.getMetadata().getName().equals(d.volume())))
        : maker;
  }

  /** Those that it was given up with, and those for which there is room when it is back. */
  private Collection<ObjectKey> concerned(Fence fence) {
    return machines(m -> isOn(m, fence.getMetadata().getName()));
  }

  private Collection<ObjectKey> unplaced() {
    return machines(m -> m.observed().placement() == null);
  }

  private Collection<ObjectKey> machines(Predicate<VirtualMachine> which) {
    return cluster.list(VirtualMachine.class).stream().filter(which).map(ObjectKey::of).toList();
  }

  @Override
  public void listen(Wake wake) {
    hosts.listen(
        new Hosts.Listener() {
          @Override
          public void guestChanged(String host, UUID guest) {
            ObjectKey machine = known.getIfPresent(guest);
            if (machine != null) {
              wake.wake(machine);
            } else {
              // A foreign domain came or went: one of ours may wait for its name.
              machines(m -> isOn(m, host) && !m.observed().isReady()).forEach(wake::wake);
            }
          }

          @Override
          public void hostChanged(String host) {
            guestsOn(host).forEach(g -> guestChanged(host, g));
            machines(m -> isOn(m, host)).forEach(wake::wake);
          }
        });
  }

  private Collection<UUID> guestsOn(String host) {
    try {
      return hosts
          .find(host)
          .map(h -> h.inventory().guests().values().stream().filter(Guest::isOurs))
          .stream()
          .flatMap(guests -> guests)
          .map(Guest::uuid)
          .toList();
    } catch (Unavailable e) {
      return List.of();
    }
  }

  private static boolean isOn(VirtualMachine machine, String host) {
    return Optional.ofNullable(machine.observed().placement())
        .map(p -> p.host().equals(host))
        .orElse(true);
  }
}
