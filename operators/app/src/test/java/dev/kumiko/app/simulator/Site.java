package dev.kumiko.app.simulator;

import dev.kumiko.compute.Dial;
import dev.kumiko.compute.host.HostKind;
import dev.kumiko.compute.libvirt.Hypervisor;
import dev.kumiko.compute.migration.MigrationKind;
import dev.kumiko.compute.power.PowerControllers;
import dev.kumiko.compute.vm.VirtualMachineKind;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.storage.attachment.AttachmentKind;
import dev.kumiko.storage.ceph.InMemoryCephPool;
import dev.kumiko.storage.ceph.Pools;
import dev.kumiko.storage.fence.FenceKind;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Hosts, storage, the API and the operators, tick by tick; the invariants hold after every step.
 */
final class Site {
  static final Duration TICK = Duration.ofMillis(500);

  /** Of passes in a tick; what goes on is gone on with in the next. */
  private static final int ROUNDS = 12;

  private static final Duration RESTART = Duration.ofSeconds(5);
  private static final int LONGEST_WARM_UP = 120;

  private final Dial clock = new Dial();
  private final InMemoryCluster cluster = InMemoryCluster.sharing(clock);
  private final Map<String, InMemoryCephPool> pools = new LinkedHashMap<>();
  private final Map<String, Metal> metals = new LinkedHashMap<>();
  private final Map<Operator.Group, Operator> operators = new LinkedHashMap<>();
  private final Map<Operator.Group, Instant> restarts = new LinkedHashMap<>();
  private final List<Wires> wires = new ArrayList<>();
  private final Clients clients = new Clients(this);
  private final Neighbours neighbours = new Neighbours(cluster, pools);
  private final Changes changes = new Changes(cluster);
  private final Moves moves = new Moves(this);
  private final Plugs plugs = new Plugs(this);
  private final MovingInvariants movingInvariants = new MovingInvariants(this);
  private final Chronicle chronicle = new Chronicle(this);
  private final Invariants invariants;
  private final Setup setup;
  private final Turns turns;
  private final Sabotage sabotage;
  private Instant beginning;
  private Instant computeSince = Instant.MIN;
  private boolean hadStaleLeader;

  Site(Setup setup, Turns turns, Sabotage sabotage) {
    this.setup = setup;
    this.turns = turns;
    this.sabotage = sabotage;
    this.invariants = new Invariants(this, setup.policy());
    this.beginning = clock.instant();
    build();
    warmUp();
    this.beginning = clock.instant();
    chronicle.clear();
    if (sabotage.skipsTheFence()) {
      pools.values().forEach(InMemoryCephPool::pretendToBlock);
    }
  }

  private void build() {
    for (String pool : setup.pools()) {
      pools.put(pool, new InMemoryCephPool());
      cluster.create(Resources.pool(pool));
    }
    cluster.create(Resources.key());
    if (setup.hasPlugs()) {
      cluster.create(Resources.account());
    }
    for (int i = 1; i <= setup.hosts(); i++) {
      Metal metal = new Metal("h" + i, "10.78.0." + (10 + i));
      metals.put(metal.name, metal);
      metal.domains.listen(new Forward(metal));
      cluster.create(Resources.host(metal, setup.hasPlugs() ? Resources.plug() : List.of()));
    }
    start(Operator.Group.COMPUTE);
    start(Operator.Group.STORAGE);
    tick();
    tick();
    setup.guests().forEach(this::create);
  }

  void create(Setup.Guest guest) {
    cluster.create(Resources.machine(guest));
    if (!guest.host().isEmpty()) {
      cluster.updateStatus(Resources.placed(machine(guest.name()).orElseThrow(), guest));
    }
  }

  private void warmUp() {
    for (int i = 0; i < LONGEST_WARM_UP && (i < 2 || invariants.unsettled().isPresent()); i++) {
      tick();
    }
    invariants
        .unsettled()
        .ifPresent(why -> {
          throw new Broken("the case cannot begin: " + why);
        });
  }

  /** Half a second goes by. */
  void tick() {
    clock.turn(TICK);
    metals.values().forEach(m -> m.pass(now()));
    moves.pass();
    List.copyOf(restarts.keySet()).stream()
        .filter(group -> !now().isBefore(restarts.get(group)))
        .forEach(this::start);
    wires.forEach(w -> w.listen(now()));
    unfenceEarly();
    step();
    for (int i = 0; i < ROUNDS && round(); i++) {
      step();
    }
  }

  private boolean round() {
    List<Runnable> passes = new ArrayList<>();
    List.copyOf(operators.values())
        .forEach(o -> o.passes().forEach(pass -> passes.add(() -> run(o, pass))));
    List<Runnable> chosen = turns.of(passes);
    chosen.forEach(Runnable::run);
    return !passes.isEmpty();
  }

  private void run(Operator operator, Runnable pass) {
    if (!operator.equals(operators.get(operator.group))) {
      return;
    }
    try {
      pass.run();
    } catch (Crash _) {
      chronicle.say("operator " + label(operator.group) + " is killed");
      stop(operator.group);
      restarts.put(operator.group, now().plus(RESTART));
    }
    step();
  }

  /**
   * Whoever has something to do with what changed hears of it, and all that must hold is checked.
   */
  void step() {
    for (List<Change> heard = changes.take(); !heard.isEmpty(); heard = changes.take()) {
      for (Change change : heard) {
        chronicle.hear(change);
        operators.values().forEach(o -> o.hear(change));
        neighbours.hear(change);
      }
    }
    clients.couple();
    chronicle.look();
    invariants.check();
    movingInvariants.check();
  }

  void start(Operator.Group group) {
    restarts.remove(group);
    Operator operator = new Operator(group, cluster, clock);
    switch (group) {
      case COMPUTE -> {
        computeSince = now();
        compute(operator, cluster, true);
      }
      case STALE -> {
        hadStaleLeader = true;
        compute(
            operator,
            new StaleCluster(cluster, sabotage == Sabotage.CHECK_SKIPPED),
            sabotage == Sabotage.CHECK_SKIPPED);
      }
      case STORAGE -> {
        Pools ceph = pool -> pool(pool.getMetadata().getName());
        operator.run(new AttachmentKind(cluster, ceph), cluster);
        operator.run(new FenceKind(cluster, ceph), cluster);
      }
    }
    operators.put(group, operator);
  }

  private void compute(Operator operator, Cluster view, boolean leads) {
    Wires connections = new Wires(this);
    wires.add(connections);
    Cluster deceived = new DeceivedCluster(view, sabotage);
    VirtualMachineKind machines =
        new VirtualMachineKind(
            view, connections, Resources.SYSTEM, setup.spared(), () -> leads, clock);
    HostKind hosts = new HostKind(deceived, connections, Resources.SYSTEM, setup.policy(), clock);
    hosts.switchOffWith(new PowerControllers(deceived, Resources.SYSTEM, plugs), Runnable::run);
    operator.run(hosts, deceived);
    operator.run(machines, view);
    operator.run(
        new MigrationKind(
            deceived, connections, machines.room(), MovingInvariants.AT_A_TIME, () -> leads, clock),
        view);
  }

  void startIfStopped(Operator.Group group) {
    if (!operators.containsKey(group)) {
      start(group);
    }
  }

  void stop(Operator.Group group) {
    restarts.remove(group);
    operators.remove(group);
  }

  void crashAfter(Operator.Group group, int actions) {
    Optional.ofNullable(operators.get(group)).ifPresent(o -> o.crashAfter(actions));
  }

  /** Something befalls the site: what was seen until then is remembered. */
  void befall(String what, Runnable fault) {
    wires.forEach(Wires::remember);
    chronicle.say("-- " + what);
    fault.run();
    step();
  }

  private void unfenceEarly() {
    if (sabotage == Sabotage.UNFENCED_EARLY) {
      metals.values().stream()
          .filter(m -> m.isSound() && fence(m.name).filter(Fence::isShut).isPresent())
          .forEach(m -> pools.values().forEach(pool -> pool.unblock(m.address)));
    }
  }

  static String label(Operator.Group group) {
    return group.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Since the case began. */
  String label(Instant moment) {
    return "%.1fs".formatted(Duration.between(beginning, moment).toMillis() / 1000.0);
  }

  Duration age() {
    return Duration.between(beginning, now());
  }

  Instant now() {
    return clock.instant();
  }

  InMemoryCluster cluster() {
    return cluster;
  }

  Map<String, InMemoryCephPool> pools() {
    return pools;
  }

  InMemoryCephPool pool(String name) {
    return Optional.ofNullable(pools.get(name))
        .orElseThrow(() -> new IllegalArgumentException("there is no pool " + name));
  }

  Neighbours neighbours() {
    return neighbours;
  }

  Clients clients() {
    return clients;
  }

  Chronicle chronicle() {
    return chronicle;
  }

  Invariants invariants() {
    return invariants;
  }

  Moves moves() {
    return moves;
  }

  Plugs plugs() {
    return plugs;
  }

  MovingInvariants movingInvariants() {
    return movingInvariants;
  }

  /** When the operator that moves guests was started last. */
  Instant computeSince() {
    return computeSince;
  }

  boolean hadStaleLeader() {
    return hadStaleLeader;
  }

  Sabotage sabotage() {
    return sabotage;
  }

  Collection<Metal> metals() {
    return metals.values();
  }

  Metal metal(String host) {
    return Optional.ofNullable(metals.get(host))
        .orElseThrow(() -> new IllegalArgumentException("there is no host " + host));
  }

  Optional<VirtualMachine> machine(String name) {
    return cluster.get(VirtualMachine.class, Resources.TENANT, name);
  }

  Optional<VirtualMachine> machine(UUID uid) {
    return cluster.list(VirtualMachine.class).stream()
        .filter(m -> m.getMetadata().getUid().equals(uid.toString()))
        .findFirst();
  }

  Optional<Migration> migration(String name) {
    return cluster.get(Migration.class, Resources.TENANT, name);
  }

  Optional<Fence> fence(String host) {
    return cluster.get(Fence.class, "", host);
  }

  private final class Forward implements Hypervisor.Listener {
    private final Metal metal;

    Forward(Metal metal) {
      this.metal = metal;
    }

    @Override
    public void guestChanged(UUID guest) {
      wires.forEach(w -> w.guestChanged(metal.name, guest));
    }

    @Override
    public void hostChanged() {}
  }
}
