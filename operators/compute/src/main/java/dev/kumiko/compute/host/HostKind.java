package dev.kumiko.compute.host;

import dev.kumiko.compute.libvirt.Credentials;
import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.libvirt.Hypervisor;
import dev.kumiko.compute.libvirt.Inventory;
import dev.kumiko.compute.placement.Amount;
import dev.kumiko.compute.placement.Promises;
import dev.kumiko.compute.placement.Setbacks;
import dev.kumiko.compute.power.PowerSwitch;
import dev.kumiko.compute.verdict.Judge;
import dev.kumiko.compute.verdict.Policy;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Pass;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.reconcile.Wake;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Keeps hosts connected and says what they have. */
public final class HostKind implements Kind<Host, DesiredHost, ObservedHost, HostAction> {
  private final Cluster cluster;
  private final Hosts hosts;
  private final TlsSecrets secrets;
  private final Machines machines;
  private final PlightSight plights;
  private final Fencing fencing;
  private final Drain drain;

  /**
   * @param namespace the operators' own, where TLS secrets are
   * @param policy when hosts are given up
   */
  public HostKind(
      Cluster cluster, Hosts hosts, String namespace, Policy policy, InstantSource clock) {
    this.cluster = cluster;
    this.hosts = hosts;
    this.secrets = new TlsSecrets(cluster, namespace);
    this.machines = new Machines(cluster);
    this.plights = new PlightSight(cluster, hosts, new Judge(policy), clock);
    this.fencing = new Fencing(cluster, hosts, plights, clock);
    this.drain = new Drain(cluster, clock);
  }

  @Override
  public Class<Host> type() {
    return Host.class;
  }

  @Override
  public Desired<DesiredHost> desire(Host host) {
    String name = host.getMetadata().getName();
    Host.Connection connection = host.getSpec().connection();
    Optional<String> tlsSecret = Optional.ofNullable(connection.tlsSecret());
    Optional<Wait> flaw = tlsSecret.flatMap(secrets::flaw);
    boolean isLeaving = host.getMetadata().getDeletionTimestamp() != null;
    if (flaw.isPresent() && !(isLeaving && placed(name).isEmpty())) {
      return Desired.blockedOn(flaw.get());
    }
    String fingerprint =
        tlsSecret.flatMap(secrets::credentials).map(Credentials::fingerprint).orElse("");
    DesiredHost asked =
        new DesiredHost(
            new Hosts.Target(name, connection.uri(), fingerprint),
            tlsSecret,
            host.getSpec().mode(),
            host.getSpec().storageAddresses());
    return isLeaving ? new Desired.Absent<>(asked) : new Desired.Present<>(asked);
  }

  /** With those that are on their way here: their keys are, too. */
  private List<String> placed(String host) {
    return Stream.concat(
            cluster.list(VirtualMachine.class).stream()
                .filter(vm -> isPlacedOn(vm, host))
                .map(vm -> ObjectKey.of(vm).toString()),
            drain.coming(host).map(Passenger::name))
        .sorted()
        .toList();
  }

  static boolean isPlacedOn(VirtualMachine machine, String host) {
    return Optional.ofNullable(machine.observed().placement())
        .map(p -> p.host().equals(host))
        .orElse(false);
  }

  @Override
  public ObservedHost observe(Host host, DesiredHost asked) {
    String name = asked.target().host();
    Optional<Hypervisor> hypervisor = hosts.find(name);
    return new ObservedHost(
        hosts.target(name),
        hypervisor.map(Hypervisor::link),
        hypervisor.flatMap(HostKind::sight),
        machine(host, hypervisor),
        placed(name),
        plights.of(host),
        new ObservedHost.Departure(
            asked.mode() == Host.Mode.Maintenance ? drain.passengers(host) : List.of(),
            drain.waiting(name)));
  }

  private ObservedMachine machine(Host host, Optional<Hypervisor> hypervisor) {
    Optional<String> recorded = Optional.ofNullable(host.observed().machine());
    Optional<String> answering = hypervisor.flatMap(Hypervisor::machine);
    return new ObservedMachine(
        recorded,
        answering,
        hypervisor.flatMap(Hypervisor::admitted),
        recorded.or(() -> answering).flatMap(m -> machines.rival(host.getMetadata().getName(), m)));
  }

  private static Optional<ObservedHost.Sight> sight(Hypervisor hypervisor) {
    try {
      Inventory inventory = hypervisor.inventory();
      return Optional.of(
          new ObservedHost.Sight(
              hypervisor.facts(),
              count(inventory, Guest::isOurs),
              count(inventory, g -> !g.isOurs()),
              count(inventory, g -> g.state().isActive()),
              !inventory.secrets().isEmpty()));
    } catch (Unavailable e) {
      return Optional.empty();
    }
  }

  private static int count(Inventory inventory, Predicate<Guest> which) {
    return (int) inventory.guests().values().stream().filter(which).count();
  }

  @Override
  public List<HostAction> plan(Desired<DesiredHost> desired, ObservedHost observed) {
    return HostPlan.plan(desired, observed);
  }

  @Override
  public List<String> outlook(Desired<DesiredHost> desired, ObservedHost observed) {
    return desired instanceof Desired.Present<DesiredHost>
            && observed.open().isEmpty()
            && observed.machine().recorded().isEmpty()
        ? List.of("record which machine answers, and use no other")
        : List.of();
  }

  @Override
  public boolean holds(ObservedHost observed) {
    return !observed.machines().isEmpty() || observed.machine().recorded().isPresent();
  }

  @Override
  public void apply(Pass<Host> pass, HostAction action) {
    switch (action) {
      case HostAction.Open open ->
          hosts.open(open.to(), open.tlsSecret().flatMap(secrets::credentials));
      case HostAction.Identify(_, String machine) -> machines.record(pass, machine);
      case HostAction.Admit(String host, String machine) ->
          hosts.find(host).ifPresent(h -> h.admit(machine));
      case HostAction.Withdraw(String host) -> {
        if (placed(host).isEmpty()) {
          hosts.find(host).ifPresent(Hypervisor::withdraw);
        }
      }
      case HostAction.Forget _ -> machines.forget(pass);
      case HostAction.Close close -> hosts.close(close.host());
      case HostAction.Suspect(_, String why) -> fencing.suspect(pass.resource(), why);
      case HostAction.GiveUp(_, String why) -> fencing.giveUp(pass.resource(), why);
      case HostAction.SwitchOff(String host, String givenUpAt) ->
          plights
              .powerCuts()
              .start(pass.resource(), givenUpAt, () -> plights.isUnheardSince(host, givenUpAt));
      case HostAction.Acquit _ -> fencing.acquit(pass.resource());
      case HostAction.EndLeftover(_, Plight.Leftover leftover) ->
          fencing.endLeftover(pass.resource(), leftover);
      case HostAction.LetIn _ -> fencing.letIn(pass.resource());
      case HostAction.Evacuate(String host, String namespace, String machine) ->
          drain.evacuate(host, namespace, machine);
      case HostAction.CallOff(_, String migration) -> drain.callOff(migration);
    }
  }

  /**
   * Hands the kind a way to switch off hosts that were given up.
   *
   * @param beside runs what no pass waits for
   */
  public void switchOffWith(PowerSwitch way, Executor beside) {
    plights.powerCuts().switchOffWith(way, beside);
  }

  @Override
  public Report report(Host host, Desired<DesiredHost> desired, Optional<ObservedHost> observed) {
    Report found =
        observed
            .map(o -> HostReport.of(host, o, allocated(host.getMetadata().getName())))
            .orElseGet(() -> HostReport.blocked(host));
    FenceReport.turn(host, found)
        .ifPresent(
            news -> cluster.event(host, Cluster.Severity.Warning, news.reason(), news.message()));
    return found;
  }

  private Amount allocated(String host) {
    return Promises.byHost(cluster.list(VirtualMachine.class)).getOrDefault(host, Amount.NOTHING);
  }

  @Override
  public List<Watch<?>> watches() {
    return List.of(
        new Watch<>(VirtualMachine.class, this::hostsOf),
        new Watch<>(Fence.class, fence -> List.of(ObjectKey.of(fence))),
        new Watch<>(Migration.class, HostKind::drained));
  }

  /** The host that it empties, and the one that its guest comes to. */
  private static List<ObjectKey> drained(Migration migration) {
    return Stream.of(
            Setbacks.drained(migration), Optional.ofNullable(migration.observed().target()))
        .flatMap(Optional::stream)
        .map(host -> new ObjectKey("", host))
        .toList();
  }

  /** A machine that goes away may be the last that kept a Host, or what its host was given. */
  private List<ObjectKey> hostsOf(VirtualMachine machine) {
    boolean isLeaving = machine.getMetadata().getDeletionTimestamp() != null;
    return cluster.list(Host.class).stream()
        .filter(h ->
            h.getMetadata().getDeletionTimestamp() != null
                || h.getSpec().mode() == Host.Mode.Maintenance
                || (isLeaving && isPlacedOn(machine, h.getMetadata().getName())))
        .map(ObjectKey::of)
        .toList();
  }

  @Override
  public void listen(Wake wake) {
    hosts.listen(
        new Hosts.Listener() {
          @Override
          public void guestChanged(String host, UUID guest) {
            if (hosts.find(host).map(h -> isForeign(h, guest)).orElse(false)) {
              wake.wake(new ObjectKey("", host));
            }
          }

          @Override
          public void hostChanged(String host) {
            wake.wake(new ObjectKey("", host));
          }
        });
  }

  /** Our own guests change all the time; they are counted at the next pass. */
  private static boolean isForeign(Hypervisor hypervisor, UUID guest) {
    try {
      return hypervisor.inventory().guest(guest).map(g -> !g.isOurs()).orElse(true);
    } catch (Unavailable e) {
      return false;
    }
  }
}
