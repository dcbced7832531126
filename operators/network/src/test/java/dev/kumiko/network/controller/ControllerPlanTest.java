package dev.kumiko.network.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.network.fabric.FabricSettings;
import dev.kumiko.reconcile.Desired;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ControllerPlanTest {
  private static final FabricSettings NOW =
      new FabricSettings("main", "ssl:10.0.0.1:6641", "ssl:10.0.0.1:6642", "ovn", "7");
  private static final FabricSettings RENEWED =
      new FabricSettings("main", "ssl:10.0.0.1:6641", "ssl:10.0.0.1:6642", "ovn", "8");

  @Test
  void connectsWhenThereIsNoConnection() {
    assertThat(plan(present(NOW), Optional.empty()))
        .containsExactly("connect to ssl:10.0.0.1:6641 and ssl:10.0.0.1:6642 as ovn");
  }

  @Test
  void connectsAnewWhenTheSecretWasRenewed() {
    assertThat(ControllerPlan.plan(present(RENEWED), observed(Optional.of(NOW))))
        .containsExactly(new ControllerAction.Connect(RENEWED));
  }

  @Test
  void leavesAConnectionThatIsRight() {
    assertThat(plan(present(NOW), Optional.of(NOW))).isEmpty();
  }

  @Test
  void disconnectsWhenTheFabricIsDeletedAndThenDoesNothing() {
    Desired<DesiredController> absent =
        new Desired.Absent<>(new DesiredController("main", Optional.empty()));

    assertThat(plan(absent, Optional.of(NOW))).containsExactly("disconnect from main");
    assertThat(plan(absent, Optional.empty())).isEmpty();
  }

  private static List<String> plan(
      Desired<DesiredController> desired, Optional<FabricSettings> connected) {
    return ControllerPlan.plan(desired, observed(connected)).stream()
        .map(ControllerAction::describe)
        .toList();
  }

  private static Desired<DesiredController> present(FabricSettings settings) {
    return new Desired.Present<>(new DesiredController("main", Optional.of(settings)));
  }

  private static ObservedController observed(Optional<FabricSettings> connected) {
    return new ObservedController(connected, Optional.empty());
  }
}
