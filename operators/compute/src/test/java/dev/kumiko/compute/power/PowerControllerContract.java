package dev.kumiko.compute.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link PowerController} does; its twin in memory and the real one alike. */
abstract class PowerControllerContract {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private PowerController controller;

  /** Of a machine that exists. */
  abstract PowerAddress address();

  /** Of a machine that exists beside it. */
  abstract PowerAddress neighbour();

  /** An account that may switch the power. */
  abstract PowerLogin account();

  abstract PowerController open(PowerAddress address, PowerLogin login);

  /** Makes the machine run. */
  abstract void switchOn(PowerAddress machine);

  @BeforeEach
  void running() {
    controller = open(address(), account());
    for (PowerAddress machine : List.of(address(), neighbour())) {
      switchOn(machine);
      try (PowerController each = open(machine, account())) {
        await().atMost(PATIENCE).until(() -> each.state() == PowerState.ON);
      }
    }
  }

  @AfterEach
  void close() {
    controller.close();
  }

  @Test
  void aMachineThatIsSwitchedOffHasNoPowerMomentsLater() {
    controller.off();
    await().atMost(PATIENCE).until(() -> controller.state() == PowerState.OFF);
  }

  @Test
  void switchingOffMayBeRepeated() {
    controller.off();
    controller.off();
    await().atMost(PATIENCE).until(() -> controller.state() == PowerState.OFF);
    controller.off();
    assertThat(controller.state()).isEqualTo(PowerState.OFF);
  }

  @Test
  void noOtherMachineIsSwitchedOff() {
    controller.off();
    await().atMost(PATIENCE).until(() -> controller.state() == PowerState.OFF);
    try (PowerController other = open(neighbour(), account())) {
      assertThat(other.state()).isEqualTo(PowerState.ON);
    }
  }

  @Test
  void aWrongPasswordIsRejectedAndNotTold() {
    PowerLogin wrong = new PowerLogin(account().username(), "wrong horse");
    try (PowerController refused = open(address(), wrong)) {
      for (ThrowingCallable call : List.<ThrowingCallable>of(refused::state, refused::off)) {
        assertThatThrownBy(call)
            .isInstanceOfSatisfying(
                Rejection.class, r -> assertThat(r.reason()).isEqualTo("PowerOffFailed"))
            .hasMessageContaining("refuses the account")
            .hasMessageNotContaining("wrong horse");
      }
    }
    assertThat(controller.state()).isEqualTo(PowerState.ON);
  }

  @Test
  void aMachineThatThePowerControllerDoesNotHaveIsRejected() {
    PowerAddress known = address();
    PowerAddress unknown =
        new PowerAddress(known.host(), known.url(), "no-such-machine", known.certificates());
    try (PowerController lost = open(unknown, account())) {
      for (ThrowingCallable call : List.<ThrowingCallable>of(lost::state, lost::off)) {
        assertThatThrownBy(call)
            .isInstanceOf(Rejection.class)
            .hasMessageContaining("no-such-machine");
      }
    }
  }

  @Test
  void afterClosingNothingIsKnown() {
    PowerController other = open(address(), account());
    other.close();
    assertThatThrownBy(other::state).isInstanceOf(Unavailable.class);
    assertThatThrownBy(other::off).isInstanceOf(Unavailable.class);
    assertThat(controller.state()).isEqualTo(PowerState.ON);
  }
}
