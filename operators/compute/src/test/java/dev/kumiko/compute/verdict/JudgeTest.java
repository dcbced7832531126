package dev.kumiko.compute.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.libvirt.Link;
import dev.kumiko.v1alpha1.Fence.Guests;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JudgeTest {
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final Duration SHORT = Duration.ofMillis(4999);
  private static final Evidence.Silence ALONE = new Evidence.Silence(30, 1, 1);
  private final Judge judge = new Judge(Policy.DEFAULT);

  @Test
  void aHostThatAnswersIsAliveWhateverElseIsSaid() {
    Link link = new Link.Connected(Instant.EPOCH);
    assertThat(
            judge.verdict(
                new Evidence(
                    Optional.of(link), LONG, Optional.of(Guests.Silent), ALONE, true, true)))
        .isInstanceOf(Verdict.Alive.class);
  }

  @Test
  void aHostThatWasNotTriedYetIsNotJudged() {
    assertThat(verdict(Link.Sign.UNTRIED, LONG, Guests.Silent)).isInstanceOf(Verdict.Open.class);
    assertThat(
            judge.verdict(
                new Evidence(Optional.empty(), LONG, Optional.empty(), ALONE, true, false)))
        .isInstanceOf(Verdict.Open.class);
  }

  @Test
  void aRefusedPortIsASignOfLife() {
    assertThat(verdict(Link.Sign.REFUSED, LONG, Guests.Silent))
        .isInstanceOf(Verdict.DaemonDown.class);
    assertThat(verdict(Link.Sign.FAILED, LONG, null)).isInstanceOf(Verdict.DaemonDown.class);
  }

  @Test
  void aGuestThatAnswersIsASignOfLife() {
    assertThat(verdict(Link.Sign.SILENT, LONG, Guests.Answering))
        .isInstanceOf(Verdict.DaemonDown.class);
  }

  @Test
  void oneSignalAloneGivesNobodyUp() {
    assertThat(verdict(Link.Sign.SILENT, Duration.ofHours(1), null))
        .isInstanceOf(Verdict.Open.class);
  }

  @Test
  void allSignalsMustBeSilentForTheDetectionTime() {
    assertThat(verdict(Link.Sign.SILENT, SHORT, Guests.Silent)).isInstanceOf(Verdict.Open.class);
    assertThat(verdict(Link.Sign.SILENT, LONG, Guests.Silent)).isInstanceOf(Verdict.Dead.class);
    assertThat(verdict(Link.Sign.SILENT, LONG, Guests.None)).isInstanceOf(Verdict.Dead.class);
  }

  @Test
  void whenAllHostsAreSilentWeAreTheOnesCutOff() {
    assertThat(silent(new Evidence.Silence(3, 3, 1))).isInstanceOf(Verdict.Isolated.class);
    assertThat(silent(new Evidence.Silence(1, 1, 1))).isInstanceOf(Verdict.Isolated.class);
  }

  @Test
  void noMoreHostsAreGivenUpAtOnceThanThePolicyAllows() {
    assertThat(silent(new Evidence.Silence(30, 3, 3))).isInstanceOf(Verdict.Dead.class);
    assertThat(silent(new Evidence.Silence(30, 4, 4))).isInstanceOf(Verdict.TooMany.class);
    assertThat(silent(new Evidence.Silence(30, 9, 3)))
        .as("the others fell silent long before")
        .isInstanceOf(Verdict.Dead.class);
    assertThat(silent(new Evidence.Silence(3, 2, 2))).isInstanceOf(Verdict.TooMany.class);
    assertThat(silent(new Evidence.Silence(3, 1, 1))).as("one").isInstanceOf(Verdict.Dead.class);
  }

  /** Hosts that were cut off together come back one by one, and the last of them is not dead. */
  @Test
  void whoIsStillSilentWhenTheOthersComeBackIsNotGivenUpYet() {
    assertThat(silent(ALONE, false)).isInstanceOf(Verdict.Open.class);
    assertThat(silent(new Evidence.Silence(3, 2, 2), false)).isInstanceOf(Verdict.TooMany.class);
    assertThat(silent(new Evidence.Silence(3, 3, 3), false)).isInstanceOf(Verdict.Isolated.class);
  }

  @Test
  void aPersonGivesUpWhatThePolicyWouldNot() {
    Link link = new Link.Lost(Instant.EPOCH, Link.Sign.SILENT, "no answer");
    assertThat(
            judge.verdict(
                new Evidence(
                    Optional.of(link),
                    Duration.ZERO,
                    Optional.empty(),
                    new Evidence.Silence(3, 2, 2),
                    false,
                    true)))
        .isInstanceOf(Verdict.Dead.class);
  }

  @Test
  void patienceWithAHostThatLivesWithoutItsDaemonEndsWhenThePolicySaysSo() {
    Judge impatient = new Judge(new Policy(LONG, Duration.ofMinutes(2), 10));
    assertThat(judge(impatient, Link.Sign.REFUSED, Duration.ofSeconds(119)))
        .isInstanceOf(Verdict.DaemonDown.class);
    assertThat(judge(impatient, Link.Sign.REFUSED, Duration.ofMinutes(2)))
        .isInstanceOf(Verdict.Dead.class);
    assertThat(judge(judge, Link.Sign.REFUSED, Duration.ofDays(1)))
        .as("zero is for ever")
        .isInstanceOf(Verdict.DaemonDown.class);
  }

  private static Verdict judge(Judge judge, Link.Sign sign, Duration silentFor) {
    return judge.verdict(
        new Evidence(
            Optional.of(new Link.Lost(Instant.EPOCH, sign, "no answer")),
            silentFor,
            Optional.empty(),
            ALONE,
            true,
            false));
  }

  private Verdict silent(Evidence.Silence silence) {
    return silent(silence, true);
  }

  private Verdict silent(Evidence.Silence silence, boolean isSettled) {
    return judge.verdict(
        new Evidence(
            Optional.of(new Link.Lost(Instant.EPOCH, Link.Sign.SILENT, "no answer")),
            LONG,
            Optional.of(Guests.Silent),
            silence,
            isSettled,
            false));
  }

  private Verdict verdict(Link.Sign sign, Duration silentFor, @Nullable Guests guests) {
    return judge.verdict(
        new Evidence(
            Optional.of(new Link.Lost(Instant.EPOCH, sign, "no answer")),
            silentFor,
            Optional.ofNullable(guests),
            ALONE,
            true,
            false));
  }
}
