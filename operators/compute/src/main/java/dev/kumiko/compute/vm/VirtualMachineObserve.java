package dev.kumiko.compute.vm;

import dev.kumiko.compute.domainxml.Monitor;
import dev.kumiko.compute.domainxml.RbdImage;
import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.placement.Fleet;
import dev.kumiko.compute.vm.DesiredVirtualMachine.DiskAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Identity;
import dev.kumiko.compute.vm.DesiredVirtualMachine.NicAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Wish;
import dev.kumiko.compute.vm.ObservedVirtualMachine.AttachmentView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Hearing;
import dev.kumiko.compute.vm.ObservedVirtualMachine.HostView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.PoolKey;
import dev.kumiko.compute.vm.ObservedVirtualMachine.PortView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Presence;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Stray;
import dev.kumiko.compute.vm.ObservedVirtualMachine.VolumeView;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Function;

/** What there is of a machine. */
final class VirtualMachineObserve {
  private static final int DEFAULT_MTU_BYTES = 1500;
  private final Cluster cluster;
  private final Sight sight;
  private final CephKeys keys;
  private final CandidateHosts candidates;
  private final Tempo tempo;

  VirtualMachineObserve(
      Cluster cluster, Sight sight, CephKeys keys, CandidateHosts candidates, Tempo tempo) {
    this.cluster = cluster;
    this.sight = sight;
    this.keys = keys;
    this.candidates = candidates;
    this.tempo = tempo;
  }

  /**
   * @throws Unavailable when the machine is deleted and its host does not answer: its domain may
   *     still run there
   */
  ObservedVirtualMachine of(VirtualMachine machine, DesiredVirtualMachine asked) {
    Identity identity = asked.identity();
    boolean deleted = machine.getMetadata().getDeletionTimestamp() != null;
    HostView host = sight.host(asked.place(), identity);
    if (deleted && host instanceof HostView.Unreachable lost) {
      throw new Unavailable("libvirt/" + lost.host(), lost.message());
    }
    boolean active = isActive(host);
    Optional<Transit> transit = sight.transit(asked.place(), identity);
    if (!active && transit.isEmpty()) {
      tempo.ended(identity.uid());
    }
    if (goesOn(asked, host)) {
      tempo.goesOn(identity.uid());
    }
    boolean everything = deleted || asked.wish() == Wish.STOP;
    boolean needsKeys = !everything && (!active || transit.isPresent());
    Map<String, VolumeView> volumes = volumes(asked, deleted, needsKeys);
    Map<String, PortView> ports = new LinkedHashMap<>(everything ? Map.of() : ports(asked));
    Map<String, AttachmentView> attachments =
        new LinkedHashMap<>(everything ? Map.of() : attachments(asked));
    if (everything || !active) {
      ports.putAll(made(Port.class, identity, p -> port(p, identity)));
      attachments.putAll(made(Attachment.class, identity, a -> attachment(a, identity)));
    }
    return new ObservedVirtualMachine(
        host,
        strays(asked, transit),
        volumes,
        ports,
        attachments,
        asked.place().isEmpty() && asked.wish() == Wish.RUN
            ? candidates.fleet(identity, asked.demand())
            : Fleet.of(List.of()),
        tempo.of(
            identity.uid(), hearing(machine, asked, host, ports), grantedAt(asked, attachments)),
        transit);
  }

  /** Only the story of a recovery tells of it. */
  private Optional<Instant> grantedAt(
      DesiredVirtualMachine asked, Map<String, AttachmentView> attachments) {
    return asked
        .place()
        .filter(_ -> asked.recovery().isUnderWay())
        .filter(place -> CompanionPlan.isGranted(asked, attachments, place))
        .map(place -> tempo.granted(asked.identity().uid(), place.epoch()));
  }

  /** A domain that is on its way is where it should be. */
  private List<Stray> strays(DesiredVirtualMachine asked, Optional<Transit> transit) {
    String target = transit.map(Transit::target).orElse("");
    return sight.strays(asked.place(), asked.identity().uid()).stream()
        .filter(stray -> !stray.host().equals(target))
        .toList();
  }

  private Hearing hearing(
      VirtualMachine machine,
      DesiredVirtualMachine asked,
      HostView host,
      Map<String, PortView> ports) {
    Optional<Guest> running =
        host instanceof HostView.Seen seen
            ? seen.guest().filter(g -> g.state() == GuestState.RUNNING)
            : Optional.empty();
    return running
        .map(guest ->
            asked
                .probedNic()
                .map(nic -> probed(machine, nic, ports))
                .orElseGet(() -> unprobed(machine, asked, guest)))
        .orElse(Hearing.NOTHING_YET);
  }

  private Hearing probed(VirtualMachine machine, NicAsk nic, Map<String, PortView> ports) {
    boolean answers =
        Optional.ofNullable(ports.get(nic.port()))
            .filter(port -> port.probe().equals(nic.probe()))
            .map(PortView::answers)
            .orElse(false);
    boolean hadAnswered = wasReady(machine) || VirtualMachineReport.fellSilent(machine);
    return tempo.probed(UUID.fromString(machine.getMetadata().getUid()), answers, hadAnswered);
  }

  /** Only one that is moved is no boot: its guest goes on. */
  private static boolean wasReady(VirtualMachine machine) {
    return machine.observed().isReady() || VirtualMachineReport.wasMoving(machine);
  }

  /** Nothing is asked: what the guest sends has to do. */
  private Hearing unprobed(VirtualMachine machine, DesiredVirtualMachine asked, Guest guest) {
    boolean isHeard =
        asked.nics().isEmpty() || tempo.answers(guest.uuid(), guest.isHeard(), wasReady(machine));
    return isHeard ? Hearing.ANSWERS : Hearing.NOTHING_YET;
  }

  private static boolean goesOn(DesiredVirtualMachine asked, HostView host) {
    return asked.wish() == Wish.RUN
        && host instanceof HostView.Seen seen
        && seen.guest()
            .filter(g -> g.state() == GuestState.RUNNING)
            .flatMap(Guest::current)
            .filter(m -> m.restart().equals(asked.restart()))
            .isPresent();
  }

  private static boolean isActive(HostView host) {
    return host instanceof HostView.Seen seen
        && seen.guest().map(Guest::state).map(s -> s.isActive()).orElse(false);
  }

  private Map<String, VolumeView> volumes(
      DesiredVirtualMachine asked, boolean deleted, boolean withKeys) {
    Identity identity = asked.identity();
    if (deleted) {
      return made(Volume.class, identity, v -> volume(v, identity, true, false));
    }
    Map<String, VolumeView> views = new LinkedHashMap<>();
    for (DiskAsk disk : asked.disks()) {
      find(Volume.class, identity, disk.volume())
          .ifPresent(v ->
              views.put(disk.volume(), volume(v, identity, disk.template().isPresent(), withKeys)));
    }
    find(Volume.class, identity, asked.seedVolume())
        .ifPresent(v -> views.put(asked.seedVolume(), volume(v, identity, true, withKeys)));
    return views;
  }

  /** A namesake of a Volume that should be ours is never opened. */
  private VolumeView volume(Volume volume, Identity identity, boolean mustBeOurs, boolean withKey) {
    Presence presence = Companions.presence(volume, identity);
    boolean usable = !mustBeOurs || presence == Presence.OURS;
    Optional<StoragePool> pool = cluster.get(StoragePool.class, "", volume.getSpec().pool());
    Volume.Status status = volume.observed();
    return new VolumeView(
        presence,
        status.isReady(),
        Companions.isOwned(volume, identity),
        Optional.ofNullable(volume.getSpec().size()),
        Optional.ofNullable(status.sizeBytes()).orElse(0L),
        pool.filter(p -> usable)
            .flatMap(p -> Optional.ofNullable(status.image()).map(path -> image(p, path))),
        pool.filter(p -> withKey).flatMap(keys::of));
  }

  private static RbdImage image(StoragePool pool, String path) {
    StoragePool.Spec spec = pool.getSpec();
    return new RbdImage(
        path,
        spec.monitors().stream().map(Monitor::parse).toList(),
        spec.guestUser(),
        PoolKey.usage(pool.getMetadata().getName()));
  }

  private Map<String, PortView> ports(DesiredVirtualMachine asked) {
    Map<String, PortView> views = new LinkedHashMap<>();
    for (NicAsk nic : asked.nics()) {
      find(Port.class, asked.identity(), nic.port())
          .ifPresent(p -> views.put(nic.port(), port(p, asked.identity())));
    }
    return views;
  }

  static PortView port(Port port, Identity identity) {
    Port.Status status = port.observed();
    Presence presence = Companions.presence(port, identity);
    boolean isOfThisSpec =
        Objects.equals(status.observedGeneration(), port.getMetadata().getGeneration());
    return new PortView(
        presence,
        presence == Presence.OURS
            ? Optional.of(UUID.fromString(port.getMetadata().getUid()))
            : Optional.empty(),
        port.getSpec().hosts(),
        Optional.ofNullable(status.mac()),
        Optional.ofNullable(status.ip()),
        Optional.ofNullable(status.mtuBytes()).orElse(DEFAULT_MTU_BYTES),
        isOfThisSpec ? status.programmedOn() : List.of(),
        Optional.ofNullable(port.getSpec().probe())
            .map(p -> OptionalInt.of(p.tcpPort()))
            .orElseGet(OptionalInt::empty),
        isOfThisSpec && Boolean.TRUE.equals(status.answers()));
  }

  private Map<String, AttachmentView> attachments(DesiredVirtualMachine asked) {
    Map<String, AttachmentView> views = new LinkedHashMap<>();
    for (DiskAsk disk : asked.disks()) {
      find(Attachment.class, asked.identity(), disk.volume())
          .ifPresent(a -> views.put(disk.volume(), attachment(a, asked.identity())));
    }
    return views;
  }

  static AttachmentView attachment(Attachment attachment, Identity identity) {
    Attachment.Spec spec = attachment.getSpec();
    Attachment.Status status = attachment.observed();
    boolean granted =
        spec.epoch().equals(status.grantedEpoch()) && status.grantedHosts().equals(spec.hosts());
    return new AttachmentView(
        Companions.presence(attachment, identity),
        spec.virtualMachine(),
        spec.hosts(),
        spec.epoch(),
        granted);
  }

  private <T extends HasMetadata> Optional<T> find(Class<T> type, Identity identity, String name) {
    return cluster.get(type, identity.namespace(), name);
  }

  private <T extends HasMetadata, V> Map<String, V> made(
      Class<T> type, Identity identity, Function<T, V> view) {
    Map<String, V> views = new LinkedHashMap<>();
    sight.made(type, identity).forEach(o -> views.put(o.getMetadata().getName(), view.apply(o)));
    return views;
  }
}
