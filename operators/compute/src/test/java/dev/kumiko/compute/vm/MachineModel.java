package dev.kumiko.compute.vm;

import dev.kumiko.compute.domainxml.Acceleration;
import dev.kumiko.compute.domainxml.GuestDefinition;
import dev.kumiko.compute.domainxml.Marker;
import dev.kumiko.compute.domainxml.Monitor;
import dev.kumiko.compute.domainxml.RbdImage;
import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.placement.Amount;
import dev.kumiko.compute.placement.Candidate;
import dev.kumiko.compute.placement.Fleet;
import dev.kumiko.compute.vm.DesiredVirtualMachine.DiskAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Identity;
import dev.kumiko.compute.vm.DesiredVirtualMachine.NicAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Processing;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Size;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Wish;
import dev.kumiko.compute.vm.ObservedVirtualMachine.AttachmentView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Hearing;
import dev.kumiko.compute.vm.ObservedVirtualMachine.HostView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Pace;
import dev.kumiko.compute.vm.ObservedVirtualMachine.PoolKey;
import dev.kumiko.compute.vm.ObservedVirtualMachine.PortView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Presence;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Shutdown;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Stray;
import dev.kumiko.compute.vm.ObservedVirtualMachine.VolumeView;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A world as small as plans see it: what each action does to it, and what others do by themselves.
 */
final class MachineModel {
  static final UUID UID = new UUID(4, 2);
  static final UUID PORT = new UUID(4, 3);
  static final String DISK = "web-root";
  static final String NIC = "web-eth0";
  static final Processing PROMISED = new Processing(new Amount(1, 65536), Optional.empty());
  private static final Identity IDENTITY = new Identity("acme", "web", UID);
  private static final PoolKey KEY = new PoolKey("fast", "kumiko.dev.fast", "print");

  Wish wish = Wish.RUN;
  Processing wanted = PROMISED;
  String restart = "";
  Optional<Place> place = Optional.empty();
  boolean ran;
  long lastEpoch;
  final Map<String, Guest> guests = new TreeMap<>();
  final Map<String, Map<String, String>> secrets = new TreeMap<>();
  Optional<VolumeView> volume = Optional.empty();
  Optional<PortView> port = Optional.empty();
  Optional<AttachmentView> attachment = Optional.empty();
  Shutdown shutdown = Shutdown.NOT_ASKED;

  DesiredVirtualMachine desired() {
    VirtualMachine.VolumeTemplate template =
        new VirtualMachine.VolumeTemplate(
            "fast", "1Gi", "tiny", null, Volume.DeletionPolicy.Delete);
    return new DesiredVirtualMachine(
        IDENTITY,
        wish,
        new Size(PROMISED, wanted, Map.of(), List.of()),
        place,
        ran,
        lastEpoch,
        List.of(new DiskAsk("root", DISK, Optional.of(template))),
        List.of(
            new NicAsk(
                "eth0", NIC, "front", Optional.empty(), Optional.empty(), OptionalInt.empty())),
        Optional.empty(),
        restart,
        DesiredVirtualMachine.Recovery.NONE);
  }

  ObservedVirtualMachine observed() {
    HostView host =
        place
            .<HostView>map(p ->
                new HostView.Seen(
                    p.host(),
                    Optional.ofNullable(guests.get(p.host())),
                    Optional.empty(),
                    secrets.getOrDefault(p.host(), Map.of()),
                    Acceleration.TCG))
            .orElseGet(HostView.NotPlaced::new);
    List<Stray> strays = new ArrayList<>();
    String home = place.map(Place::host).orElse("");
    guests.forEach((h, g) -> {
      if (!h.equals(home)) {
        strays.add(new Stray(h, g));
      }
    });
    return new ObservedVirtualMachine(
        host,
        strays,
        volume.map(v -> Map.of(DISK, v)).orElseGet(Map::of),
        port.map(p -> Map.of(NIC, p)).orElseGet(Map::of),
        attachment.map(a -> Map.of(DISK, a)).orElseGet(Map::of),
        Fleet.of(List.of(candidate("h1"), candidate("h2"))),
        new Pace(shutdown, true, Optional.empty(), true, Hearing.ANSWERS, Optional.empty()),
        Optional.empty());
  }

  private static Candidate candidate(String name) {
    return new Candidate(
        name, Map.of(), List.of(), Candidate.Openness.OPEN, new Amount(8, 1 << 20), Amount.NOTHING);
  }

  void apply(VirtualMachineAction action) {
    switch (action) {
      case VirtualMachineAction.Place a -> {
        place = Optional.of(new Place(a.host(), a.epoch()));
        lastEpoch = a.epoch();
        ran = false;
      }
      case VirtualMachineAction.Renew a -> {
        place = Optional.of(new Place(a.host(), a.epoch()));
        lastEpoch = a.epoch();
        ran = false;
      }
      case VirtualMachineAction.Release _, VirtualMachineAction.Recover _ -> {
        place = Optional.empty();
        ran = false;
      }
      case VirtualMachineAction.CreateSeedSecret _ -> {}
      case VirtualMachineAction.CreateSeedVolume _ -> {}
      case VirtualMachineAction.CreateVolume _ -> volume = Optional.of(volume(false));
      case VirtualMachineAction.UpdateVolume _ -> volume = Optional.of(volume(true));
      case VirtualMachineAction.CreatePort a -> port = Optional.of(port(List.of(a.host()), false));
      case VirtualMachineAction.MovePort a ->
          port = Optional.of(port(a.host().isEmpty() ? List.of() : List.of(a.host()), true));
      case VirtualMachineAction.CreateAttachment a ->
          attachment = Optional.of(attachment(a.host(), a.epoch(), false));
      case VirtualMachineAction.MoveAttachment a ->
          attachment = Optional.of(attachment(a.host(), a.epoch(), false));
      case VirtualMachineAction.Arrive a -> place = Optional.of(new Place(a.host(), a.epoch()));
      case VirtualMachineAction.SharePort a -> port = Optional.of(port(a.hosts(), true));
      case VirtualMachineAction.ShareAttachment a ->
          attachment =
              Optional.of(new AttachmentView(Presence.OURS, "web", a.hosts(), a.epoch(), false));
      case VirtualMachineAction.Delete a -> delete(a);
      case VirtualMachineAction.ProvideSecret a ->
          secrets
              .computeIfAbsent(a.host(), h -> new LinkedHashMap<>())
              .put(KEY.usage(), KEY.fingerprint());
      case VirtualMachineAction.Define a -> define(a.host(), a.guest());
      case VirtualMachineAction.StartPaused a -> become(a.host(), GuestState.PAUSED, true);
      case VirtualMachineAction.Resume a -> {
        become(a.host(), GuestState.RUNNING, false);
        ran = true;
      }
      case VirtualMachineAction.RequestShutdown _ -> shutdown = Shutdown.ASKED;
      case VirtualMachineAction.Destroy a -> become(a.host(), GuestState.STOPPED, false);
      case VirtualMachineAction.Undefine a -> guests.remove(a.host());
      case VirtualMachineAction.ResizeDisk _ -> {}
    }
  }

  private void delete(VirtualMachineAction.Delete delete) {
    switch (delete.kind()) {
      case ATTACHMENT -> attachment = attachment.map(a -> leaving(a));
      case PORT -> port = Optional.empty();
      case VOLUME -> volume = Optional.empty();
    }
  }

  /** Storage, network, time and the guest go on. */
  void others() {
    volume = volume.map(v -> volume(true));
    port = port.map(p -> port(p.hosts(), true));
    attachment =
        attachment
            .filter(a -> a.presence() != Presence.LEAVING)
            .map(a -> attachment(a.hosts().getFirst(), a.epoch(), true));
    shutdown = shutdown == Shutdown.NOT_ASKED ? shutdown : Shutdown.IGNORED;
    boolean active = guests.values().stream().anyMatch(g -> g.state().isActive());
    shutdown = active ? shutdown : Shutdown.NOT_ASKED;
  }

  boolean isGranted(Place to) {
    return attachment
        .filter(a -> a.granted() && a.epoch() == to.epoch())
        .filter(a -> a.hosts().equals(List.of(to.host())))
        .isPresent();
  }

  static VolumeView volume(boolean ready) {
    RbdImage image =
        new RbdImage("vms/web", List.of(new Monitor("10.0.0.1", 3300)), "guest", KEY.usage());
    return new VolumeView(
        Presence.OURS,
        ready,
        true,
        Optional.of("1Gi"),
        1L << 30,
        ready ? Optional.of(image) : Optional.empty(),
        Optional.of(KEY));
  }

  static PortView port(List<String> hosts, boolean answered) {
    return new PortView(
        Presence.OURS,
        Optional.of(PORT),
        hosts,
        answered ? Optional.of("02:00:00:00:00:0a") : Optional.empty(),
        Optional.empty(),
        1500,
        answered ? hosts : List.of(),
        OptionalInt.empty(),
        false);
  }

  static AttachmentView attachment(String host, long epoch, boolean granted) {
    return new AttachmentView(Presence.OURS, "web", List.of(host), epoch, granted);
  }

  private static AttachmentView leaving(AttachmentView a) {
    return new AttachmentView(Presence.LEAVING, a.machine(), a.hosts(), a.epoch(), false);
  }

  private void define(String host, GuestDefinition definition) {
    Guest before = guests.get(host);
    guests.put(
        host,
        new Guest(
            UID,
            IDENTITY.domain(),
            before == null ? GuestState.STOPPED : before.state(),
            Optional.of(definition.marker()),
            before == null ? Optional.empty() : before.active(),
            Optional.of(definition),
            Map.of(),
            true));
  }

  /** A domain of this machine, as some earlier moment left it. */
  void leave(String host, GuestState state, long epoch) {
    Marker marker = new Marker("acme", "web", UID.toString(), epoch, "", "");
    guests.put(
        host,
        new Guest(
            UID,
            IDENTITY.domain(),
            state,
            Optional.of(marker),
            state.isActive() ? Optional.of(marker) : Optional.empty(),
            Optional.empty(),
            Map.of(),
            true));
  }

  private void become(String host, GuestState state, boolean anew) {
    guests.computeIfPresent(
        host,
        (h, g) ->
            new Guest(
                g.uuid(),
                g.name(),
                state,
                g.marker(),
                state.isActive() ? (anew ? g.marker() : g.active()) : Optional.empty(),
                g.definition(),
                g.diskBytes(),
                true));
  }
}
