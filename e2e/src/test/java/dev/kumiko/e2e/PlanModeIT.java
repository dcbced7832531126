package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Volume;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A careful user looks at the pending actions before anything happens. */
@Order(40)
@ExtendWith(Evidence.class)
final class PlanModeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private final Cloud cloud = new Cloud();

  @AfterEach
  void close() {
    cloud.kubectl("", "-n", "acme", "delete", "volume", "planned", "--ignore-not-found");
    cloud.close();
  }

  @Test
  void pendingActionsAreShownAndEnforceDoesThose() {
    Quickstart.ready(cloud);
    World before = World.observe();
    cloud.kubectl(
        """
        apiVersion: kumiko.dev/v1alpha1
        kind: Volume
        metadata:
          name: planned
          namespace: acme
          annotations: {kumiko.dev/reconcile: Plan}
        spec: {pool: vms, size: 32Mi}
        """,
        "apply",
        "-f",
        "-");
    Volume planned =
        cloud.until(Volume.class, "acme", "planned", PATIENCE, v -> !v.observed().plan().isEmpty());
    assertThat(planned.observed().isReady()).isFalse();
    assertThat(World.observe()).isEqualTo(before);
    List<String> plan = planned.observed().plan();
    assertThat(plan).anySatisfy(action -> assertThat(action).contains("32"));

    cloud.kubectl(
        "",
        "-n",
        "acme",
        "annotate",
        "--overwrite",
        "volume",
        "planned",
        "kumiko.dev/reconcile=Enforce");
    Volume made = cloud.until(Volume.class, "acme", "planned", PATIENCE, Cloud::isReady);
    assertThat(made.observed().plan()).isEmpty();
    assertThat(applied()).as("actions in the operator's log").isEqualTo(plan);
    List<String> fresh =
        World.observe().images().stream().filter(i -> !before.images().contains(i)).toList();
    assertThat(fresh).containsExactly("volume-" + made.getMetadata().getUid());
  }

  private static List<String> applied() {
    return Pattern.compile("logger=journal .* name=planned .* msg=\"(.*)\"$", Pattern.MULTILINE)
        .matcher(Lab.run("log", "operator-storage"))
        .results()
        .map(line -> line.group(1))
        .toList();
  }
}
