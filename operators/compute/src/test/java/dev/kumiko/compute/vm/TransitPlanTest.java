package dev.kumiko.compute.vm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.domainxml.Acceleration;
import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Wish;
import dev.kumiko.compute.vm.ObservedVirtualMachine.HostView;
import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Desired;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TransitPlanTest {
  private final MachineModel model = new MachineModel();
  private boolean sourceIsLost;
  private boolean isBegun = true;

  TransitPlanTest() {
    model.place = Optional.of(new Place("h1", 3));
    model.lastEpoch = 3;
    model.ran = true;
    model.volume = Optional.of(MachineModel.volume(true));
    model.port = Optional.of(MachineModel.port(List.of("h1"), true));
    model.attachment = Optional.of(MachineModel.attachment("h1", 3, true));
    model.leave("h1", GuestState.RUNNING, 3);
  }

  @Test
  void bothHostsAreGivenWhatTheGuestNeeds() {
    assertThat(plan())
        .containsExactly(
            "share the claim on Volume web-root between hosts h1 and h2 at epoch 3",
            "share Port web-eth0 between hosts h1 and h2",
            "give host h2 the guest key of StoragePool fast");
  }

  @Test
  void nothingIsDoneToADomainThatIsComing() {
    model.leave("h2", GuestState.HELD, 3);
    prepared();
    assertThat(plan()).isEmpty();
  }

  @Test
  void trafficFollowsAGuestThatRunsThereBeforeItsSourceIsGone() {
    model.leave("h1", GuestState.HELD, 3);
    model.leave("h2", GuestState.PAUSED, 3);
    prepared();
    assertThat(plan()).containsExactly("share Port web-eth0 between hosts h2 and h1");
  }

  /** libvirt lets the source go on when it does not hear that the guest has come. */
  @Test
  void aGuestThatHasComeIsNotLetRunWhileItsSourceIsThere() {
    model.leave("h2", GuestState.PAUSED, 3);
    prepared();
    assertThat(plan()).isEmpty();
  }

  @Test
  void aGuestThatHasComeIsLetRunBeforeAnythingIsTakenBack() {
    model.guests.remove("h1");
    model.leave("h2", GuestState.PAUSED, 3);
    prepared();
    assertThat(plan())
        .containsExactly(
            "remember that the guest of epoch 3 has moved to host h2",
            "resume the domain on host h2 at epoch 3");
  }

  /** Whether it went on is not known; if it did, what has come is old. */
  @Test
  void whatHasComeIsNotTheGuestWhenItsSourceWasNotEndedForIt() {
    model.leave("h2", GuestState.PAUSED, 3);
    prepared();
    model.leave("h1", GuestState.STOPPED, 3);
    assertThat(plan()).doesNotContain("resume the domain on host h2 at epoch 3");
    assertThat(plan()).noneMatch(action -> action.startsWith("remember"));
    sourceIsLost = true;
    assertThat(plan()).noneMatch(action -> action.startsWith("remember"));
    sourceIsLost = false;
    model.guests.remove("h1");
    isBegun = false;
    assertThat(plan()).noneMatch(action -> action.startsWith("remember"));
  }

  @Test
  void thePlaceFollowsTheGuestAndTheSourceHasNothingAnyMore() {
    model.guests.remove("h1");
    model.leave("h2", GuestState.RUNNING, 3);
    prepared();
    assertThat(plan())
        .containsExactly(
            "remember that the guest of epoch 3 has moved to host h2",
            "move Port web-eth0 to host h2",
            "move the claim on Volume web-root to host h2 at epoch 3");
  }

  @Test
  void aMachineThatIsToStopFollowsItsGuestAndNothingElse() {
    for (Desired<DesiredVirtualMachine> wish : toStop()) {
      assertThat(describe(wish)).isEmpty();
    }
    model.guests.remove("h1");
    model.leave("h2", GuestState.RUNNING, 3);
    for (Desired<DesiredVirtualMachine> wish : toStop()) {
      assertThat(describe(wish))
          .containsExactly("remember that the guest of epoch 3 has moved to host h2");
    }
  }

  @Test
  void aGuestThatIsNowhereIsNotStartedWhileItMayStillCome() {
    model.guests.remove("h1");
    prepared();
    assertThat(plan()).isEmpty();
    model.leave("h1", GuestState.STOPPED, 3);
    model.leave("h2", GuestState.HELD, 3);
    assertThat(plan()).isEmpty();
  }

  @Test
  void aDomainOfAnotherEpochIsNotTheGuest() {
    model.guests.remove("h1");
    model.leave("h2", GuestState.RUNNING, 2);
    prepared();
    assertThat(plan()).isEmpty();
  }

  @Test
  void aSourceThatWasGivenUpIsNotWaitedFor() {
    model.leave("h2", GuestState.RUNNING, 3);
    sourceIsLost = true;
    assertThat(plan()).startsWith("remember that the guest of epoch 3 has moved to host h2");
  }

  private List<Desired<DesiredVirtualMachine>> toStop() {
    model.wish = Wish.STOP;
    return List.of(new Desired.Present<>(model.desired()), new Desired.Absent<>(model.desired()));
  }

  private void prepared() {
    model.port = Optional.of(MachineModel.port(List.of("h1", "h2"), true));
    model.attachment =
        Optional.of(
            new ObservedVirtualMachine.AttachmentView(
                ObservedVirtualMachine.Presence.OURS, "web", List.of("h1", "h2"), 3, true));
    model.secrets.put("h2", Map.of("kumiko.dev.fast", "print"));
  }

  private List<String> plan() {
    model.wish = Wish.RUN;
    return describe(new Desired.Present<>(model.desired()));
  }

  private List<String> describe(Desired<DesiredVirtualMachine> desired) {
    ObservedVirtualMachine seen = model.observed();
    Optional<Guest> there = Optional.ofNullable(model.guests.get("h2"));
    HostView target =
        new HostView.Seen(
            "h2",
            there,
            Optional.empty(),
            model.secrets.getOrDefault("h2", Map.of()),
            Acceleration.TCG);
    ObservedVirtualMachine moving =
        new ObservedVirtualMachine(
            sourceIsLost ? new HostView.GivenUp("h1") : seen.host(),
            List.of(),
            seen.volumes(),
            seen.ports(),
            seen.attachments(),
            seen.candidates(),
            seen.pace(),
            Optional.of(new Transit("away", "h2", target, isBegun)));
    return VirtualMachinePlan.plan(desired, moving).stream().map(Action::describe).toList();
  }
}
