package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
    cloud.kubectl("", "-n", "acme", "delete", "vm,volume", "planned", "--ignore-not-found");
    cloud.close();
  }

  @Test
  void pendingActionsAreShownAndEnforceDoesThose() {
    Quickstart.ready(cloud);
    World before = World.settled();
    long logged = applied("operator-storage").count();
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
    assertThat(applied("operator-storage").skip(logged))
        .as("actions in the operator's log")
        .containsExactlyElementsOf(plan);
    List<String> fresh =
        World.observe().images().stream().filter(i -> !before.images().contains(i)).toList();
    assertThat(fresh).containsExactly("volume-" + made.getMetadata().getUid());
  }

  @Test
  void theStartOfAMachineIsShownBeforeAnythingIsMade() {
    Quickstart.ready(cloud);
    World before = World.settled();
    long logged = applied("operator-compute").count();
    cloud.kubectl(machine("Plan"), "apply", "-f", "-");
    VirtualMachine planned =
        cloud.until(
            VirtualMachine.class, "acme", "planned", PATIENCE, v -> !v.observed().plan().isEmpty());
    List<String> plan = planned.observed().plan();
    assertThat(plan.getFirst()).startsWith("place on host h");
    assertThat(plan)
        .anySatisfy(action -> assertThat(action).startsWith("create Volume planned-root"))
        .anySatisfy(action -> assertThat(action).startsWith("create Port planned-eth0"))
        .anySatisfy(action -> assertThat(action).startsWith("claim Volume planned-root"));
    assertThat(plan.getLast()).startsWith("then: resume the domain on host h");
    assertThat(World.observe()).isEqualTo(before);
    assertThat(cloud.get(Volume.class, "acme", "planned-root")).isEmpty();

    cloud.kubectl(machine("Enforce"), "apply", "-f", "-");
    cloud.until(
        VirtualMachine.class,
        "acme",
        "planned",
        Quickstart.PATIENCE,
        v -> "Running".equals(v.observed().phase()));
    assertThat(applied("operator-compute").skip(logged).filter(a -> !a.startsWith("give host")))
        .as("actions in the operator's log; which keys a host still needs, it is not asked before")
        .containsExactlyElementsOf(plan.stream().map(a -> a.replaceFirst("^then: ", "")).toList());
  }

  private static String machine(String mode) {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: VirtualMachine
    metadata:
      name: planned
      namespace: acme
      labels: {story: plan}
      annotations: {kumiko.dev/reconcile: %s}
    spec:
      instanceType: tiny
      disks: [{name: root, template: {pool: vms, image: tiny}}]
      interfaces: [{name: eth0, network: web}]
    """
        .formatted(mode);
  }

  private static Stream<String> applied(String operator) {
    return Pattern.compile(
            "logger=journal .* name=planned .* outcome=\"done\" .*msg=\"(.*)\"$", Pattern.MULTILINE)
        .matcher(Lab.run("log", operator))
        .results()
        .map(line -> line.group(1));
  }
}
