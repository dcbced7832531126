package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.placement.Decision;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Wish;
import dev.kumiko.compute.vm.ObservedVirtualMachine.HostView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.PortView;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Kumiko;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status of a machine from what was observed. */
record VirtualMachineReport(InstantSource clock) {
  /** How long a start may take before its status says in detail what it waits for. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final String BOOTING = "Booting";
  private static final Report.Aspect RESTART_REQUIRED =
      new Report.Aspect(
          "RestartRequired",
          true,
          "SpecChanged",
          "The guest still has the size, disks and interfaces of before the spec was changed: set"
              + " the annotation "
              + Kumiko.RESTARTED_AT
              + " to a new value to restart it");

  private static final String NOT_ANSWERING = "NotAnswering";
  private static final String MIGRATING = "Migrating";
  private static final String RESUMING = "Resuming";
  private static final Report.Aspect STANDING =
      new Report.Aspect(StatusOf.RUNNING, false, RESUMING, "The guest stands still.");

  Report of(
      VirtualMachine machine,
      Desired<DesiredVirtualMachine> desired,
      Optional<ObservedVirtualMachine> observed) {
    return switch (desired) {
      case Desired.Present<DesiredVirtualMachine>(DesiredVirtualMachine asked) ->
          observed
              .map(o -> asked.wish() == Wish.RUN ? run(machine, asked, o) : stop(machine, asked, o))
              .orElseGet(() -> blocked(machine));
      case Desired.Absent<DesiredVirtualMachine>(DesiredVirtualMachine asked) ->
          leaving(machine, asked);
      case Desired.Blocked<DesiredVirtualMachine> _ -> blocked(machine);
    };
  }

  /** The loop puts in what is waited for. */
  private static Report blocked(VirtualMachine machine) {
    boolean deleted = machine.getMetadata().getDeletionTimestamp() != null;
    VirtualMachine.Status before = machine.observed();
    String phase =
        deleted ? StatusOf.STOPPING : Optional.ofNullable(before.phase()).orElse(StatusOf.PENDING);
    return Report.of(StatusOf.phase(before, phase), Readiness.waiting("Blocked", "It waits."))
        .with(aspect(phase))
        .recheckAfter(deleted ? SOON : LOOK_AGAIN);
  }

  private static Report leaving(VirtualMachine machine, DesiredVirtualMachine asked) {
    return Report.of(
            status(machine, asked, StatusOf.STOPPING, Optional.empty()),
            Readiness.waiting("Deleting", "The machine is being deleted."))
        .with(aspect(StatusOf.STOPPING))
        .recheckAfter(SOON);
  }

  private Report run(
      VirtualMachine machine, DesiredVirtualMachine asked, ObservedVirtualMachine observed) {
    Optional<Transit> transit = observed.transit();
    if (transit.isPresent() && hasLeft(observed, transit.get())) {
      return moving(machine, asked, observed.host(), transit.get());
    }
    return switch (observed.host()) {
      case HostView.NotPlaced _ -> pending(machine, asked, observed);
      case HostView.Unreachable lost -> unknown(machine, asked, lost);
      case HostView.GivenUp lost -> givenUp(machine, asked, lost.host());
      case HostView.Seen seen ->
          placed(machine, asked, observed, seen, asked.place().orElseThrow());
    };
  }

  private static boolean hasLeft(ObservedVirtualMachine observed, Transit transit) {
    return switch (observed.host()) {
      case HostView.Seen seen ->
          seen.guest().filter(g -> g.state() == GuestState.RUNNING).isEmpty();
      case HostView.Unreachable _ -> transit.isWaiting();
      case HostView.GivenUp _, HostView.NotPlaced _ -> false;
    };
  }

  /** Between two hosts; its phase stays, because its guest goes on. */
  private static Report moving(
      VirtualMachine machine, DesiredVirtualMachine asked, HostView source, Transit transit) {
    Wait wait =
        source instanceof HostView.Unreachable lost
            ? new Wait(
                "Host",
                lost.host(),
                MIGRATING,
                "the guest has come to host %s and stands still, because host %s does not answer, where it may still run"
                    .formatted(transit.target(), lost.host()))
            : new Wait(
                "Migration",
                transit.migration(),
                MIGRATING,
                "the guest is being moved to host " + transit.target());
    return Report.of(
            status(machine, asked, StatusOf.RUNNING, asked.place()), Readiness.waitingFor(wait))
        .with(source instanceof HostView.Unreachable ? STANDING : aspect(StatusOf.RUNNING))
        .recheckAfter(SOON);
  }

  private static Report pending(
      VirtualMachine machine, DesiredVirtualMachine asked, ObservedVirtualMachine observed) {
    Readiness readiness =
        switch (VirtualMachinePlan.decide(asked, observed)) {
          case Decision.Chosen _ when asked.recovery().yields() ->
              Readiness.waiting(StatusOf.RECOVERING, "More important machines are started first.");
          case Decision.Chosen chosen ->
              Readiness.waiting("Placing", "It is about to be placed on " + chosen.host() + ".");
          case Decision.Nowhere nowhere ->
              Readiness.waitingFor(new Wait("Host", "any", "NoHostFits", nowhere.message()));
        };
    String phase = asked.recovery().isUnderWay() ? StatusOf.RECOVERING : StatusOf.PENDING;
    return Report.of(status(machine, asked, phase, Optional.empty()), readiness)
        .with(aspect(phase))
        .recheckAfter(asked.recovery().yields() ? SOON : LOOK_AGAIN);
  }

  /** Its disks are on their way back. */
  private static Report givenUp(VirtualMachine machine, DesiredVirtualMachine asked, String host) {
    Wait wait =
        asked.wish() == Wish.RUN && asked.recovery().waits()
            ? new Wait(
                "Fence",
                host,
                "HostGivenUp",
                "Host "
                    + host
                    + " was given up, and spec.recovery.onHostFailure is Wait: it is started there"
                    + " when the host is back; with Restart it would be started on another")
            : new Wait(
                "Fence",
                host,
                StatusOf.RECOVERING,
                "Host " + host + " was given up: its disks are taken back from there");
    return Report.of(
            status(machine, asked, StatusOf.RECOVERING, asked.place()), Readiness.waitingFor(wait))
        .with(aspect(StatusOf.RECOVERING))
        .recheckAfter(SOON);
  }

  /**
   * Unknown is not absent: it is started nowhere else. What was not seen to run is still to be
   * started; its next start is the same.
   */
  private static Report unknown(
      VirtualMachine machine, DesiredVirtualMachine asked, HostView.Unreachable lost) {
    String phase = asked.ran() ? StatusOf.UNKNOWN : StatusOf.STARTING;
    Wait wait =
        new Wait(
            "Host",
            lost.host(),
            "HostUnreachable",
            "Host "
                + lost.host()
                + " does not answer, its guests may still run: "
                + lost.message());
    return Report.of(
            status(machine, asked, phase, asked.place()),
            new Readiness.Unknown("HostUnreachable", wait.message(), List.of(wait)))
        .with(aspect(phase))
        .recheckAfter(LOOK_AGAIN);
  }

  private Report placed(
      VirtualMachine machine,
      DesiredVirtualMachine asked,
      ObservedVirtualMachine observed,
      HostView.Seen seen,
      Place place) {
    Optional<Readiness> refusal = refusal(asked, observed, seen);
    if (new GuestPlan(asked, observed, seen).standsStill()) {
      return standing(
          machine, asked, place, refusal.orElseGet(() -> standing(asked, observed, place)));
    }
    boolean running = seen.guest().filter(g -> isRunning(g, asked, place)).isPresent();
    String phase = running ? StatusOf.RUNNING : StatusOf.STARTING;
    Readiness readiness =
        refusal.orElseGet(
            () -> readiness(machine, new Waits(asked, observed, place), seen, running));
    VirtualMachine.Status status =
        running
            ? runningStatus(machine, asked, observed, place, readiness instanceof Readiness.Ready)
            : startingStatus(machine, asked, observed, place);
    boolean lacksChange =
        seen.guest()
            .filter(g ->
                (g.state().isActive() && asked.size().isChanged())
                    || GuestPlan.lacksChange(
                        g, GuestComposer.compose(asked, observed, seen.acceleration())))
            .isPresent();
    Report report =
        lacksChange
            ? Report.of(status, readiness).with(aspect(phase), RESTART_REQUIRED)
            : Report.of(status, readiness).with(aspect(phase));
    return readiness instanceof Readiness.Ready
        ? report
        : report.recheckAfter(running && asked.probedNic().isEmpty() ? SOON : LOOK_AGAIN);
  }

  /** It keeps its phase, which says that it ran. */
  private static Report standing(
      VirtualMachine machine, DesiredVirtualMachine asked, Place place, Readiness readiness) {
    return Report.of(status(machine, asked, StatusOf.RUNNING, Optional.of(place)), readiness)
        .with(STANDING)
        .recheckAfter(SOON);
  }

  private static Readiness standing(
      DesiredVirtualMachine asked, ObservedVirtualMachine observed, Place place) {
    boolean isGranted = new CompanionPlan(asked, observed).isGranted(place);
    return new Waits(asked, observed, place)
        .all().stream()
            .filter(_ -> !isGranted)
            .findFirst()
            .map(Readiness::waitingFor)
            .orElseGet(() ->
                Readiness.waiting(
                    RESUMING,
                    "The guest stands still on host "
                        + place.host()
                        + ", where it is about to be let run."));
  }

  private static boolean isRunning(Guest guest, DesiredVirtualMachine asked, Place place) {
    boolean current =
        guest
            .current()
            .map(m -> m.epoch() == place.epoch() && m.restart().equals(asked.restart()))
            .orElse(false);
    return guest.isOurs() && guest.state() == GuestState.RUNNING && current;
  }

  private static Optional<Readiness> refusal(
      DesiredVirtualMachine asked, ObservedVirtualMachine observed, HostView.Seen seen) {
    if (VirtualMachinePlan.runsElsewhere(asked, observed)) {
      return Optional.of(
          new Readiness.Stalled(
              "NewerDomainElsewhere",
              "another host has a domain of this machine with a newer epoch: it is left alone"));
    }
    return seen.foreign()
        .map(g ->
            new Readiness.Stalled(
                "ForeignDomain",
                "Host "
                    + seen.host()
                    + " has a domain "
                    + g.name()
                    + " ("
                    + g.uuid()
                    + ") that is not ours and is never touched: rename or remove it there"));
  }

  private Readiness readiness(
      VirtualMachine machine, Waits waits, HostView.Seen seen, boolean running) {
    List<Wait> on = waits.all();
    boolean isMoving = waits.observed().transit().isPresent();
    if (running && (isMoving || on.stream().noneMatch(w -> w.kind().equals("Port")))) {
      return heard(waits, seen.host());
    }
    if (seen.guest().filter(g -> g.state() == GuestState.PAUSED_BY_IO_ERROR).isPresent()) {
      return Readiness.waitingFor(
          new Wait(
              "Volume",
              waits.desired().disks().getFirst().volume(),
              "DiskError",
              "The host stopped the guest because a disk failed; it is resumed when it answers"));
    }
    if (on.isEmpty() || isQuiet(machine)) {
      return Readiness.waiting(StatusOf.STARTING, StatusOf.STARTING_MESSAGE);
    }
    return new Readiness.Waiting(on.getFirst().reason(), on.getFirst().message(), on);
  }

  private static Readiness heard(Waits waits, String host) {
    return switch (waits.observed().pace().hearing()) {
      case ANSWERS -> new Readiness.Ready("It runs on host " + host + waits.sign());
      case NOTHING_YET ->
          waits
              .answer(BOOTING, "yet")
              .map(Readiness::waitingFor)
              .orElseGet(() ->
                  Readiness.waiting(
                      BOOTING,
                      "It boots on host "
                          + host
                          + " and has sent nothing yet: its console log tells how far it is."));
      case FELL_SILENT ->
          waits
              .answer(NOT_ANSWERING, "any more: see what listens there in the guest")
              .map(Readiness::waitingFor)
              .orElseGet(() -> Readiness.waiting(NOT_ANSWERING, "The guest does not answer."));
    };
  }

  /** Whether its status says that it answered once and then did not. */
  static boolean fellSilent(VirtualMachine machine) {
    return says(machine, Condition.READY, NOT_ANSWERING);
  }

  /** Whether its status says that it is not Ready only because it is being moved. */
  static boolean wasMoving(VirtualMachine machine) {
    return says(machine, Condition.READY, MIGRATING) || says(machine, StatusOf.RUNNING, RESUMING);
  }

  private static boolean says(VirtualMachine machine, String condition, String reason) {
    return machine
        .observed()
        .condition(condition)
        .filter(c -> c.reason().equals(reason))
        .isPresent();
  }

  /** Whether it began to start just now, and its status says so. */
  private boolean isQuiet(VirtualMachine machine) {
    return machine
        .observed()
        .condition(Condition.READY)
        .filter(c -> c.reason().equals(StatusOf.STARTING))
        .map(c -> clock.instant().isBefore(Instant.parse(c.lastTransitionTime()).plus(QUIET)))
        .orElse(false);
  }

  private static Report stop(
      VirtualMachine machine, DesiredVirtualMachine asked, ObservedVirtualMachine observed) {
    return switch (observed.host()) {
      case HostView.Unreachable lost -> unknown(machine, asked, lost);
      case HostView.GivenUp lost -> givenUp(machine, asked, lost.host());
      case HostView.Seen _ ->
          Report.of(
                  status(machine, asked, StatusOf.STOPPING, asked.place()),
                  Readiness.waiting(StatusOf.STOPPING, "The guest is asked to power off."))
              .with(aspect(StatusOf.STOPPING))
              .recheckAfter(SOON);
      case HostView.NotPlaced _ ->
          Report.of(
                  status(machine, asked, StatusOf.STOPPED, Optional.empty()),
                  new Readiness.Ready("It is stopped, as runPolicy says."))
              .with(aspect(StatusOf.STOPPED));
    };
  }

  private static Report.Aspect aspect(String phase) {
    return new Report.Aspect(
        StatusOf.RUNNING, phase.equals(StatusOf.RUNNING), phase, StatusOf.running(phase));
  }

  private VirtualMachine.Status runningStatus(
      VirtualMachine machine,
      DesiredVirtualMachine asked,
      ObservedVirtualMachine observed,
      Place place,
      boolean isReady) {
    List<String> addresses =
        asked.nics().stream()
            .map(nic -> Optional.ofNullable(observed.ports().get(nic.port())))
            .flatMap(Optional::stream)
            .map(PortView::ip)
            .flatMap(Optional::stream)
            .toList();
    @Nullable String restartedAt = VirtualMachineDesire.restartedAt(machine).orElse(null);
    return StatusOf.own(
        machine.observed(),
        StatusOf.RUNNING,
        new VirtualMachine.Placed(place.host(), place.epoch()),
        addresses,
        asked,
        restartedAt,
        asked.lastEpoch(),
        Story.running(
            machine.observed().recovery(), observed.pace().grantedAt(), isReady, clock.instant()));
  }

  private static VirtualMachine.Status startingStatus(
      VirtualMachine machine,
      DesiredVirtualMachine asked,
      ObservedVirtualMachine observed,
      Place place) {
    VirtualMachine.Status before = machine.observed();
    return StatusOf.own(
        before,
        StatusOf.STARTING,
        new VirtualMachine.Placed(place.host(), place.epoch()),
        before.addresses(),
        asked,
        before.restartedAt(),
        asked.lastEpoch(),
        Story.granted(before.recovery(), observed.pace().grantedAt()));
  }

  private static VirtualMachine.Status status(
      VirtualMachine machine, DesiredVirtualMachine asked, String phase, Optional<Place> place) {
    VirtualMachine.Status before = machine.observed();
    return StatusOf.own(
        before,
        phase,
        place.map(p -> new VirtualMachine.Placed(p.host(), p.epoch())).orElse(before.placement()),
        before.addresses(),
        asked,
        before.restartedAt(),
        asked.lastEpoch(),
        before.recovery());
  }
}
