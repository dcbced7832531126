package dev.kumiko.compute.vm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.domainxml.Acceleration;
import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Wish;
import dev.kumiko.compute.vm.ObservedVirtualMachine.HostView;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Shutdown;
import dev.kumiko.reconcile.Desired;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class VirtualMachinePlanTest {
  private static final Place H1 = new Place("h1", 3);

  @Test
  void thePlanOfANewMachineShowsAllThatIsAskedOfOthers() {
    assertThat(names(new MachineModel()))
        .startsWith("Place")
        .contains("CreateVolume", "CreatePort", "CreateAttachment")
        .doesNotContain("Define", "StartPaused", "Resume");
  }

  @Test
  void whatFollowsIsToldUntilItIsPlannedOrDone() {
    MachineModel model = new MachineModel();
    assertThat(outlook(model))
        .containsExactly(
            "define domain acme.web.00000000 at epoch 1",
            "start the domain paused on host h1",
            "resume the domain on host h1 at epoch 1");
    MachineModel granted = placed();
    granted.volume = Optional.of(MachineModel.volume(true));
    granted.port = Optional.of(MachineModel.port(List.of("h1"), true));
    granted.attachment = Optional.of(MachineModel.attachment("h1", 3, true));
    assertThat(outlook(granted)).containsExactly("resume the domain on host h1 at epoch 3");
    assertThat(outlook(paused(3))).isEmpty();
    model.wish = Wish.STOP;
    assertThat(outlook(model)).isEmpty();
  }

  @Test
  void whatGoesWithADeletedMachineIsToldBeforeItsGuestIsEnded() {
    MachineModel model = paused(3);
    assertThat(Outlook.of(new Desired.Absent<>(model.desired()), model.observed()))
        .containsExactly(
            "undefine the domain on host h1",
            "delete Attachment web-root",
            "delete Port web-eth0",
            "delete Volume web-root");
    model.wish = Wish.STOP;
    assertThat(outlook(model))
        .containsExactly(
            "undefine the domain on host h1",
            "delete Attachment web-root",
            "take Port web-eth0 off its host",
            "release host h1");
  }

  private static List<String> outlook(MachineModel model) {
    return Outlook.of(new Desired.Present<>(model.desired()), model.observed());
  }

  @Test
  void aNewMachineIsPlacedBeforeAnythingElse() {
    assertThat(plan(new MachineModel())).first().isEqualTo(new VirtualMachineAction.Place("h1", 1));
  }

  @Test
  void anEpochIsNeverUsedTwice() {
    MachineModel model = new MachineModel();
    model.lastEpoch = 7;
    assertThat(plan(model)).first().isEqualTo(new VirtualMachineAction.Place("h1", 8));
  }

  @Test
  void aGuestThatEndedIsStartedAgainOnlyUnderANewEpoch() {
    MachineModel model = paused(3);
    model.leave("h1", GuestState.STOPPED, 3);
    model.ran = true;
    assertThat(plan(model)).containsExactly(new VirtualMachineAction.Renew("h1", 4));
    model.guests.clear();
    assertThat(plan(model)).containsExactly(new VirtualMachineAction.Renew("h1", 4));
    model.apply(plan(model).getFirst());
    assertThat(names(model)).contains("MoveAttachment").doesNotContain("StartPaused");
  }

  @Test
  void aPlacedMachineGetsItsObjectsInOneRound() {
    MachineModel model = placed();
    assertThat(describe(model))
        .containsExactly(
            "create Volume web-root for disk root",
            "create Port web-eth0 on host h1",
            "claim Volume web-root for host h1 at epoch 3");
  }

  @Test
  void aDomainIsDefinedWhenAllIsKnownAndStartedWhenAllIsGranted() {
    MachineModel model = placed();
    model.volume = Optional.of(MachineModel.volume(true));
    model.port = Optional.of(MachineModel.port(List.of("h1"), true));
    model.attachment = Optional.of(MachineModel.attachment("h1", 3, false));
    assertThat(names(model)).containsExactly("Define");
    model.attachment = Optional.of(MachineModel.attachment("h1", 3, true));
    assertThat(names(model)).containsExactly("Define", "ProvideSecret", "StartPaused");
  }

  @Test
  void aGrantForAnotherEpochIsNone() {
    MachineModel model = paused(3);
    model.attachment = Optional.of(MachineModel.attachment("h1", 2, true));
    assertThat(names(model)).containsExactly("MoveAttachment", "Define", "Destroy");
  }

  @Test
  void aPausedDomainThatRanIsKeptWhileItsGrantIsAway() {
    MachineModel model = paused(3);
    model.ran = true;
    model.attachment = Optional.of(MachineModel.attachment("h1", 3, false));
    assertThat(names(model)).containsExactly("Define");
  }

  @Test
  void aPausedDomainIsResumedOnlyWhenItsPortsAreProgrammedThere() {
    MachineModel model = paused(3);
    assertThat(names(model)).contains("Resume");
    model.port = Optional.of(MachineModel.port(List.of("h1"), false));
    assertThat(names(model)).doesNotContain("Resume");
  }

  @Test
  void aDomainOfAnOlderEpochIsEndedAndNeverResumed() {
    assertThat(names(paused(2))).containsExactly("Destroy");
  }

  @Test
  void aDomainOfANewerEpochIsLeftAlone() {
    assertThat(names(paused(4))).isEmpty();
  }

  @Test
  void domainsElsewhereAreEndedBeforeAnythingElse() {
    MachineModel model = paused(3);
    model.leave("h2", GuestState.RUNNING, 2);
    assertThat(names(model)).containsExactly("Destroy", "Undefine");
  }

  @Test
  void aNewerDomainElsewhereKeepsTheGuestFromStarting() {
    MachineModel model = paused(3);
    model.leave("h2", GuestState.RUNNING, 9);
    assertThat(names(model)).isEmpty();
  }

  @Test
  void anUnreachableHostIsLeftAloneAndTheMachineStaysPlacedThere() {
    MachineModel model = paused(3);
    ObservedVirtualMachine seen = model.observed();
    ObservedVirtualMachine blind =
        new ObservedVirtualMachine(
            new HostView.Unreachable("h1", "no answer"),
            seen.strays(),
            seen.volumes(),
            seen.ports(),
            seen.attachments(),
            seen.candidates(),
            seen.pace(),
            Optional.empty());
    for (Wish wish : Wish.values()) {
      model.wish = wish;
      assertThat(VirtualMachinePlan.plan(new Desired.Present<>(model.desired()), blind)).isEmpty();
    }
  }

  @Test
  void aForeignDomainIsNotTouched() {
    MachineModel model = placed();
    model.volume = Optional.of(MachineModel.volume(true));
    model.port = Optional.of(MachineModel.port(List.of("h1"), true));
    model.attachment = Optional.of(MachineModel.attachment("h1", 3, true));
    ObservedVirtualMachine seen = model.observed();
    Guest foreign =
        new Guest(
            MachineModel.UID,
            "theirs",
            GuestState.RUNNING,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            true);
    ObservedVirtualMachine clash =
        new ObservedVirtualMachine(
            new HostView.Seen(
                "h1", Optional.of(foreign), Optional.empty(), Map.of(), Acceleration.TCG),
            seen.strays(),
            seen.volumes(),
            seen.ports(),
            seen.attachments(),
            seen.candidates(),
            seen.pace(),
            Optional.empty());
    assertThat(VirtualMachinePlan.plan(new Desired.Present<>(model.desired()), clash)).isEmpty();
  }

  @Test
  void aRunningGuestIsAskedThenGivenTimeThenEnded() {
    MachineModel model = running();
    model.wish = Wish.STOP;
    assertThat(names(model)).containsExactly("RequestShutdown");
    model.shutdown = Shutdown.ASKED;
    assertThat(names(model)).isEmpty();
    model.shutdown = Shutdown.IGNORED;
    assertThat(names(model)).containsExactly("Destroy");
  }

  @Test
  void disksAreGivenBackOnlyWhenNoDomainIsLeft() {
    MachineModel model = running();
    model.wish = Wish.STOP;
    model.apply(new VirtualMachineAction.Destroy("h1", MachineModel.UID, 3, "test"));
    assertThat(names(model)).containsExactly("Undefine");
    model.apply(new VirtualMachineAction.Undefine("h1", MachineModel.UID));
    assertThat(names(model)).containsExactly("Delete", "MovePort");
  }

  @Test
  void theAnnotationRestartsARunningGuest() {
    MachineModel model = running();
    model.restart = "again";
    assertThat(names(model)).containsExactly("Define", "RequestShutdown");
  }

  static IntStream seeds() {
    return IntStream.range(0, 400);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void fromAnyStateEveryWishIsReachedAndNoTwoGuestsEverRun(int seed) {
    MachineModel model = random(new Random(seed));
    boolean deleted = seed % 4 == 3;
    if (deleted) {
      model.wish = Wish.STOP;
    }
    List<String> log = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      for (VirtualMachineAction action : plan(model, deleted)) {
        proveSafe(model, action, log);
        log.add(action.describe());
        model.apply(action);
      }
      model.others();
    }
    assertThat(plan(model, deleted)).as(log.toString()).isEmpty();
    if (deleted || model.wish == Wish.STOP) {
      assertThat(model.guests).as(log.toString()).isEmpty();
      assertThat(model.attachment).as(log.toString()).isEmpty();
      assertThat(!deleted || (model.volume.isEmpty() && model.port.isEmpty())).isTrue();
    } else {
      Place place = model.place.orElseThrow();
      assertThat(model.guests.keySet()).as(log.toString()).containsExactly(place.host());
      Guest guest = model.guests.values().iterator().next();
      assertThat(guest.state()).as(log.toString()).isEqualTo(GuestState.RUNNING);
      assertThat(guest.active().orElseThrow().epoch()).isEqualTo(place.epoch());
    }
  }

  /** The invariants of a resume. */
  private static void proveSafe(MachineModel model, VirtualMachineAction action, List<String> log) {
    if (action instanceof VirtualMachineAction.Resume resume) {
      Place place = new Place(resume.host(), resume.epoch());
      assertThat(model.place).as(log.toString()).contains(place);
      assertThat(model.isGranted(place)).as(log.toString()).isTrue();
      assertThat(model.guests.entrySet().stream().filter(e -> !e.getKey().equals(resume.host())))
          .as(log.toString())
          .noneMatch(e -> e.getValue().state().isActive());
    }
  }

  private static MachineModel random(Random random) {
    MachineModel model = new MachineModel();
    model.wish = random.nextInt(3) == 0 ? Wish.STOP : Wish.RUN;
    model.lastEpoch = random.nextInt(5);
    if (model.lastEpoch > 0 && random.nextBoolean()) {
      model.place = Optional.of(new Place(random.nextBoolean() ? "h1" : "h2", model.lastEpoch));
    }
    for (String host : List.of("h1", "h2")) {
      if (random.nextInt(3) > 0 && model.lastEpoch > 0) {
        model.leave(
            host,
            List.of(
                    GuestState.STOPPED,
                    GuestState.PAUSED,
                    GuestState.PAUSED_BY_IO_ERROR,
                    GuestState.RUNNING)
                .get(random.nextInt(4)),
            1 + random.nextInt((int) model.lastEpoch));
      }
    }
    if (random.nextBoolean()) {
      model.volume = Optional.of(MachineModel.volume(random.nextBoolean()));
    }
    if (random.nextBoolean()) {
      model.port = Optional.of(MachineModel.port(List.of("h2"), random.nextBoolean()));
    }
    if (random.nextBoolean() && model.lastEpoch > 0) {
      model.attachment =
          Optional.of(MachineModel.attachment("h1", model.lastEpoch, random.nextBoolean()));
    }
    return model;
  }

  private static MachineModel placed() {
    MachineModel model = new MachineModel();
    model.place = Optional.of(H1);
    model.lastEpoch = H1.epoch();
    return model;
  }

  /** All is there, and a paused domain of that epoch. */
  private static MachineModel paused(long epoch) {
    MachineModel model = placed();
    model.volume = Optional.of(MachineModel.volume(true));
    model.port = Optional.of(MachineModel.port(List.of("h1"), true));
    model.attachment = Optional.of(MachineModel.attachment("h1", 3, true));
    model.leave("h1", GuestState.PAUSED, epoch);
    return model;
  }

  private static MachineModel running() {
    MachineModel model = paused(3);
    for (int i = 0; i < 3; i++) {
      plan(model).forEach(model::apply);
    }
    assertThat(plan(model)).isEmpty();
    return model;
  }

  private static List<VirtualMachineAction> plan(MachineModel model) {
    return plan(model, false);
  }

  private static List<VirtualMachineAction> plan(MachineModel model, boolean deleted) {
    DesiredVirtualMachine desired = model.desired();
    return VirtualMachinePlan.plan(
        deleted ? new Desired.Absent<>(desired) : new Desired.Present<>(desired), model.observed());
  }

  private static List<String> names(MachineModel model) {
    return plan(model).stream().map(a -> a.getClass().getSimpleName()).toList();
  }

  private static List<String> describe(MachineModel model) {
    return plan(model).stream().map(VirtualMachineAction::describe).toList();
  }
}
