package dev.kumiko.compute.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.libvirt.Link;
import dev.kumiko.compute.verdict.Verdict;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.v1alpha1.Host;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HostPlanTest {
  private static final Hosts.Target OLD = new Hosts.Target("h1", "qemu+tls://a/system", "f1");
  private static final Hosts.Target NEW = new Hosts.Target("h1", "qemu+tls://b/system", "f2");
  private static final DesiredHost ASKED =
      new DesiredHost(NEW, Optional.of("tls"), Host.Mode.Active, List.of("10.0.0.1"));
  private static final Plight FINE =
      new Plight(
          new Verdict.Alive(), false, Optional.empty(), List.of(), false, new PowerCut.Unasked());
  private static final ObservedHost.Departure STAYS =
      new ObservedHost.Departure(List.of(), List.of());
  private static final Optional<String> NONE = Optional.empty();
  private static final Optional<String> A = Optional.of("A");
  private static final Optional<String> B = Optional.of("B");

  @Test
  void aHostThatIsNotOpenIsOpened() {
    assertThat(present(Optional.empty()))
        .containsExactly(new HostAction.Open(NEW, Optional.of("tls")));
  }

  @Test
  void aHostThatIsOpenAsAskedIsLeftAlone() {
    assertThat(present(Optional.of(NEW))).isEmpty();
  }

  @Test
  void anotherAddressOrCertificateIsOpenedAnew() {
    assertThat(present(Optional.of(OLD)))
        .containsExactly(new HostAction.Open(NEW, Optional.of("tls")));
  }

  @Test
  void aDeletedHostIsClosedOnce() {
    ObservedMachine forgotten = new ObservedMachine(NONE, A, A, NONE);
    assertThat(HostPlan.plan(new Desired.Absent<>(ASKED), open(Optional.of(OLD), forgotten)))
        .containsExactly(new HostAction.Close("h1"));
    assertThat(HostPlan.plan(new Desired.Absent<>(ASKED), open(Optional.empty(), forgotten)))
        .isEmpty();
  }

  @Test
  void aDeletedHostIsOpenedToTakeBackWhatItWasGiven() {
    assertThat(HostPlan.plan(new Desired.Absent<>(ASKED), open(Optional.empty())))
        .containsExactly(new HostAction.Open(NEW, Optional.of("tls")));
  }

  @Test
  void aDeletedHostIsWaitedForUntilItWasTried() {
    assertThat(leaving(Link.Sign.UNTRIED)).isEmpty();
    assertThat(leaving(Link.Sign.SILENT))
        .containsExactly(new HostAction.Forget("h1"), new HostAction.Close("h1"));
  }

  private static List<HostAction> leaving(Link.Sign sign) {
    return HostPlan.plan(
        new Desired.Absent<>(ASKED),
        new ObservedHost(
            Optional.of(NEW),
            Optional.of(new Link.Lost(Instant.EPOCH, sign, "why")),
            Optional.empty(),
            new ObservedMachine(A, A, A, NONE),
            List.of(),
            FINE,
            STAYS));
  }

  @Test
  void theFirstMachineThatAnswersIsRecorded() {
    assertThat(identified(NONE, A, NONE, NONE)).containsExactly(new HostAction.Identify("h1", "A"));
    assertThat(identified(NONE, NONE, NONE, NONE)).isEmpty();
  }

  @Test
  void theRecordedMachineIsAdmittedWhateverAnswers() {
    HostAction admit = new HostAction.Admit("h1", "A");
    assertThat(identified(A, A, NONE, NONE)).containsExactly(admit);
    assertThat(identified(A, NONE, NONE, NONE)).containsExactly(admit);
    assertThat(identified(A, B, NONE, NONE)).containsExactly(admit);
    assertThat(identified(A, A, B, NONE)).containsExactly(admit);
  }

  @Test
  void anotherMachineIsNeitherRecordedNorAdmitted() {
    assertThat(identified(A, B, A, NONE)).isEmpty();
  }

  @Test
  void aMachineOfAnotherHostIsNeitherRecordedNorAdmitted() {
    Optional<String> rival = Optional.of("h2");
    assertThat(identified(NONE, A, NONE, rival)).isEmpty();
    assertThat(identified(A, A, NONE, rival)).isEmpty();
  }

  @Test
  void anyPairConverges() {
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      ObservedHost observed =
          open(
              pick(random, List.of(OLD, NEW)),
              new ObservedMachine(
                  pick(random, List.of("A", "B")),
                  pick(random, List.of("A", "B")),
                  pick(random, List.of("A", "B")),
                  pick(random, List.of("h2"))));
      Desired<DesiredHost> desired =
          random.nextBoolean() ? new Desired.Present<>(ASKED) : new Desired.Absent<>(ASKED);
      for (int round = 0; round < 3; round++) {
        for (HostAction action : HostPlan.plan(desired, observed)) {
          observed = after(action, observed);
        }
      }
      assertThat(HostPlan.plan(desired, observed)).isEmpty();
    }
  }

  private static <T> Optional<T> pick(Random random, List<T> values) {
    int index = random.nextInt(values.size() + 1);
    return index == values.size() ? Optional.empty() : Optional.of(values.get(index));
  }

  private static ObservedHost after(HostAction action, ObservedHost before) {
    ObservedMachine machine = before.machine();
    return switch (action) {
      case HostAction.Open opened ->
          open(Optional.of(opened.to()), machine(machine.recorded(), NONE, machine));
      case HostAction.Identify(_, String recorded) ->
          open(before.open(), machine(Optional.of(recorded), machine.admitted(), machine));
      case HostAction.Admit(_, String admitted) ->
          open(before.open(), machine(machine.recorded(), Optional.of(admitted), machine));
      case HostAction.Withdraw _ -> before;
      case HostAction.Forget _ -> open(before.open(), machine(NONE, machine.admitted(), machine));
      case HostAction.Close _ -> open(Optional.empty(), machine);
      case HostAction.Suspect _,
          HostAction.GiveUp _,
          HostAction.SwitchOff _,
          HostAction.Acquit _,
          HostAction.EndLeftover _,
          HostAction.LetIn _,
          HostAction.Evacuate _,
          HostAction.CallOff _ ->
          before;
    };
  }

  private static ObservedMachine machine(
      Optional<String> recorded, Optional<String> admitted, ObservedMachine before) {
    return new ObservedMachine(recorded, before.answering(), admitted, before.rival());
  }

  private static List<HostAction> present(Optional<Hosts.Target> open) {
    return HostPlan.plan(new Desired.Present<>(ASKED), open(open));
  }

  private static List<HostAction> identified(
      Optional<String> recorded,
      Optional<String> answering,
      Optional<String> admitted,
      Optional<String> rival) {
    return HostPlan.plan(
        new Desired.Present<>(ASKED),
        open(Optional.of(NEW), new ObservedMachine(recorded, answering, admitted, rival)));
  }

  private static ObservedHost open(Optional<Hosts.Target> target) {
    return open(target, new ObservedMachine(A, A, A, NONE));
  }

  private static ObservedHost open(Optional<Hosts.Target> target, ObservedMachine machine) {
    return new ObservedHost(
        target, Optional.empty(), Optional.empty(), machine, List.of(), FINE, STAYS);
  }
}
