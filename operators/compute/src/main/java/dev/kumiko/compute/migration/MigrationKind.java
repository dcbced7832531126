package dev.kumiko.compute.migration;

import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.libvirt.Hypervisor;
import dev.kumiko.compute.libvirt.MigrationOrder;
import dev.kumiko.compute.placement.Room;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Conflict;
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
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Moves running guests between hosts; where they are is what hosts say, at every moment. */
public final class MigrationKind
    implements Kind<Migration, DesiredMigration, ObservedMigration, MigrationAction> {
  private static final Duration JUST = Duration.ofSeconds(30);

  private final Cluster cluster;
  private final Hosts hosts;
  private final InstantSource clock;
  private final MigrationDesire desire;
  private final HostChoice choice;
  private final Preparation preparation;
  private final MigrationObserve observe;
  private final GuestSight sight;

  /**
   * @param parallel guests that are moved at a time; more take longer each, and load the network
   *     that disks need, too
   * @param leads whether this process holds its lease right now
   */
  public MigrationKind(
      Cluster cluster,
      Hosts hosts,
      Room room,
      int parallel,
      BooleanSupplier leads,
      InstantSource clock) {
    this.cluster = cluster;
    this.hosts = hosts;
    this.clock = clock;
    this.sight = new GuestSight(cluster, hosts);
    this.desire = new MigrationDesire(cluster, clock);
    this.choice = new HostChoice(cluster, room, sight, new Traffic(cluster, parallel));
    this.preparation = new Preparation(cluster, sight, leads);
    this.observe = new MigrationObserve(sight, choice, preparation, clock);
  }

  @Override
  public Class<Migration> type() {
    return Migration.class;
  }

  @Override
  public Desired<DesiredMigration> desire(Migration migration) {
    return desire.of(migration);
  }

  @Override
  public ObservedMigration observe(Migration migration, DesiredMigration asked) {
    return observe.of(asked);
  }

  @Override
  public List<MigrationAction> plan(Desired<DesiredMigration> desired, ObservedMigration observed) {
    return switch (desired) {
      case Desired.Present<DesiredMigration>(DesiredMigration asked) ->
          MigrationPlan.plan(asked, observed);
      case Desired.Absent<DesiredMigration>(DesiredMigration asked) ->
          MigrationPlan.plan(asked, observed);
      case Desired.Blocked<DesiredMigration> _ -> List.of();
    };
  }

  @Override
  public List<String> outlook(Desired<DesiredMigration> desired, ObservedMigration observed) {
    return desired instanceof Desired.Present<DesiredMigration>(DesiredMigration asked)
            && MigrationPlan.step(asked, observed)
                instanceof Step.Do(MigrationAction.Choose(Route route))
        ? List.of(new MigrationAction.Start(asked.guest(), route).describe())
        : List.of();
  }

  /** A deletion waits until the guest is on one host only and its machine knows on which. */
  @Override
  public boolean holds(ObservedMigration observed) {
    return observed instanceof ObservedMigration.Routed routed && !routed.isDecided();
  }

  @Override
  public void apply(Pass<Migration> pass, MigrationAction action) {
    Migration migration = pass.resource();
    DesiredMigration asked = desire.asked(migration);
    switch (action) {
      case MigrationAction.Choose(Route route) -> {
        if (asked.route().isEmpty()) {
          choice.write(
              asked,
              route,
              () ->
                  pass.writeStatusFirst(
                      MigrationReport.chosen(migration.observed(), route, clock.instant())));
        }
      }
      case MigrationAction.Forget _ -> cluster.delete(migration);
      case MigrationAction.Start start -> start(pass, asked, start);
      case MigrationAction.SwitchToPostCopy(String host, UUID guest) ->
          host(host).switchToPostCopy(guest);
      case MigrationAction.AllowLongerPause(String host, UUID guest) ->
          host(host).allowLongerPause(guest);
      case MigrationAction.Abort(String host, UUID guest, _) -> host(host).abortMigration(guest);
      case MigrationAction.EndRemnant end -> {
        mustStillBeMeant(asked, end);
        host(end.host()).destroy(end.guest(), end.epoch());
      }
    }
  }

  /** Looks again, past what was heard of both hosts: what is ended does not come back. */
  private void mustStillBeMeant(DesiredMigration asked, MigrationAction action) {
    asked
        .route()
        .map(Route::target)
        .filter(target -> !sight.isGivenUp(target))
        .ifPresent(target -> host(target).transfer(asked.guest()));
    if (!MigrationPlan.plan(asked, observe.of(asked)).contains(action)) {
      throw new Conflict("the guest is no more where it was seen");
    }
  }

  private void start(Pass<Migration> pass, DesiredMigration asked, MigrationAction.Start start) {
    preparation.hold(asked, start.route());
    if (asked.phase() != Migration.Phase.Running) {
      pass.writeStatusFirst(
          MigrationReport.phase(pass.resource().observed(), Migration.Phase.Running));
    }
    String target = start.route().target();
    host(start.route().source())
        .migrate(
            start.guest(),
            new MigrationOrder(
                start.route().epoch(),
                target,
                address(target),
                asked.order().mebibytesPerSecond(),
                asked.order().autoConverge(),
                asked.order().postCopy()));
  }

  /** As its peers reach it: what follows the question mark is ours, such as where our keys are. */
  private URI address(String host) {
    return URI.create(
        hosts
            .target(host)
            .orElseThrow(() -> new Unavailable("libvirt/" + host, "it is not connected"))
            .uri()
            .replaceFirst("\\?.*$", ""));
  }

  private Hypervisor host(String name) {
    return hosts.connected(name);
  }

  @Override
  public Report report(
      Migration migration,
      Desired<DesiredMigration> desired,
      Optional<ObservedMigration> observed) {
    return new MigrationReport(clock).of(migration, desire.asked(migration), observed);
  }

  @Override
  public List<Watch<?>> watches() {
    return List.of(
        new Watch<>(
            VirtualMachine.class,
            machine ->
                keys(m ->
                    m.getSpec().virtualMachine().equals(machine.getMetadata().getName())
                        && isBeside(m, machine.getMetadata().getNamespace()))),
        new Watch<>(Attachment.class, a -> preparing(a.getMetadata().getNamespace())),
        new Watch<>(Port.class, port -> preparing(port.getMetadata().getNamespace())),
        new Watch<>(Migration.class, this::next),
        new Watch<>(Host.class, host -> List.of()),
        new Watch<>(Fence.class, fence -> at(fence.getMetadata().getName())));
  }

  /** Those that wait for their turn, once a move is over; what was over long ago tells nothing. */
  private List<ObjectKey> next(Migration migration) {
    boolean isJustOver =
        Optional.ofNullable(migration.observed().endedAt())
            .filter(at -> Instant.parse(at).plus(JUST).isAfter(clock.instant()))
            .isPresent();
    return isJustOver ? keys(Traffic::isWaiting) : List.of();
  }

  private List<ObjectKey> preparing(String namespace) {
    return keys(m -> m.observed().phase() == Migration.Phase.Preparing && isBeside(m, namespace));
  }

  private List<ObjectKey> at(String host) {
    return keys(m -> Traffic.isUnderWay(m) && Traffic.touches(m, host));
  }

  private static boolean isBeside(Migration migration, String namespace) {
    return Objects.equals(migration.getMetadata().getNamespace(), namespace);
  }

  private List<ObjectKey> keys(Predicate<Migration> which) {
    return cluster.list(Migration.class).stream().filter(which).map(ObjectKey::of).toList();
  }

  @Override
  public void listen(Wake wake) {
    hosts.listen(
        new Hosts.Listener() {
          @Override
          public void guestChanged(String host, UUID guest) {
            at(host).forEach(wake::wake);
          }

          @Override
          public void hostChanged(String host) {
            at(host).forEach(wake::wake);
          }
        });
  }
}
