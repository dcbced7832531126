package dev.kumiko.compute.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.host.HostAction.Acquit;
import dev.kumiko.compute.host.HostAction.GiveUp;
import dev.kumiko.compute.host.HostAction.LetIn;
import dev.kumiko.compute.host.HostAction.Suspect;
import dev.kumiko.compute.host.HostAction.SwitchOff;
import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.verdict.Verdict;
import dev.kumiko.v1alpha1.Fence.Stage;
import dev.kumiko.v1alpha1.Host;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A silent host with a guest, that may have failed before. */
final class FencePlanTest {
  private static final String GIVEN_UP_AT = "2026-01-01T00:00:05Z";
  private static final Verdict OPEN = new Verdict.Open("silent");
  private static final Verdict DEAD = new Verdict.Dead("no answer");
  private static final Verdict ALIVE = new Verdict.Alive();

  @Test
  void whoseCaseIsOverIsJudgedAsIfThereHadBeenNone() {
    assertThat(plan(OPEN, Optional.empty())).containsExactly(new Suspect("h1", "silent"));
    assertThat(plan(DEAD, Optional.empty())).containsExactly(new GiveUp("h1", "no answer"));
  }

  @Test
  void whatWasReleasedAndNotDeletedIsDeletedFirst() {
    assertThat(plan(DEAD, found(Stage.GivenUp, true, false))).containsExactly(new LetIn("h1"));
  }

  @Test
  void whoIsSuspectedAgainIsGivenUpOrAcquitted() {
    assertThat(plan(OPEN, found(Stage.Suspected, true, true))).isEmpty();
    assertThat(plan(DEAD, found(Stage.Suspected, true, true)))
        .containsExactly(new GiveUp("h1", "no answer"));
    assertThat(plan(ALIVE, found(Stage.Suspected, true, true))).containsExactly(new Acquit("h1"));
  }

  @Test
  void whoWasAcquittedIsJudgedOnceThatIsForgotten() {
    assertThat(plan(DEAD, found(Stage.Suspected, false, true))).isEmpty();
  }

  private static Optional<Plight.Case> found(Stage stage, boolean released, boolean leaving) {
    return Optional.of(new Plight.Case(stage, released, leaving));
  }

  @Test
  void whoIsGivenUpIsSwitchedOffWhenThatIsMissingAndDue() {
    Optional<Plight.Case> shut = found(Stage.GivenUp, false, false);
    assertThat(plan(DEAD, shut, new PowerCut.Missing(GIVEN_UP_AT, true, Optional.empty())))
        .containsExactly(new SwitchOff("h1", GIVEN_UP_AT));
    assertThat(plan(DEAD, shut, new PowerCut.Missing(GIVEN_UP_AT, false, Optional.of("why"))))
        .isEmpty();
    assertThat(plan(DEAD, shut, new PowerCut.Done(GIVEN_UP_AT))).isEmpty();
    assertThat(plan(DEAD, shut)).isEmpty();
  }

  private static List<HostAction> plan(Verdict verdict, Optional<Plight.Case> fence) {
    return plan(verdict, fence, new PowerCut.Unasked());
  }

  private static List<HostAction> plan(
      Verdict verdict, Optional<Plight.Case> fence, PowerCut powerCut) {
    DesiredHost asked =
        new DesiredHost(
            new Hosts.Target("h1", "qemu+tls://h1/system", ""),
            Optional.empty(),
            Host.Mode.Active,
            List.of("10.78.0.11"));
    ObservedHost observed =
        new ObservedHost(
            Optional.of(asked.target()),
            Optional.empty(),
            Optional.empty(),
            new ObservedMachine(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
            List.of("acme/web"),
            new Plight(verdict, true, fence, List.of(), false, powerCut),
            new ObservedHost.Departure(List.of(), List.of()));
    return FencePlan.plan(asked, observed);
  }
}
