package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ready means ready: from the moment a machine says so, its address answers. */
@Order(70)
@ExtendWith(Evidence.class)
final class ReadyIT {
  private static final int MACHINES = 20;
  private static final int TRIES = 5;
  private final Cloud cloud = new Cloud();

  @AfterEach
  void remove() {
    cloud.tryKubectl("", "-n", "acme", "delete", "vm", "-l", "story=ready", "--timeout=120s");
    cloud.close();
  }

  @Test
  void oneHundredAnswersFromTwentyMachinesOnceTheyAreReady() {
    Quickstart.ready(cloud);
    List<String> lost = new ArrayList<>();
    for (int batch = 0; batch < MACHINES / 4; batch++) {
      for (int i = 0; i < 4; i++) {
        cloud.kubectl(machine("ready-" + (4 * batch + i)), "apply", "-f", "-");
      }
      lost.addAll(answersLost(batch));
    }
    assertThat(lost).as("answers lost of %d", MACHINES * TRIES).isEmpty();
  }

  private List<String> answersLost(int batch) {
    Set<String> tried = new HashSet<>();
    List<String> lost = new ArrayList<>();
    Cloud.await(
        Duration.ofMinutes(3),
        () -> "Ready of batch " + batch + ": " + tried,
        () -> {
          for (int i = 0; i < 4; i++) {
            String name = "ready-" + (4 * batch + i);
            VirtualMachine machine = cloud.get(VirtualMachine.class, "acme", name).orElseThrow();
            if (Cloud.isReady(machine) && tried.add(name)) {
              Guest guest = new Guest(machine);
              for (int t = 0; t < TRIES; t++) {
                if (!guest.answersPing()) {
                  lost.add(name + " " + guest.address() + " at try " + t);
                }
              }
            }
          }
          return tried.size() == 4;
        });
    cloud.kubectl("", "-n", "acme", "delete", "vm", "-l", "story=ready", "--timeout=120s");
    return lost;
  }

  private static String machine(String name) {
    return """
    apiVersion: kumiko.dev/v1alpha1
    kind: VirtualMachine
    metadata: {name: %s, namespace: acme, labels: {story: ready}}
    spec:
      vcpus: 1
      memory: 96Mi
      disks: [{name: root, template: {pool: vms, image: tiny}}]
      interfaces: [{name: eth0, network: web}]
      readiness: {tcpPort: 80}
    """
        .formatted(name);
  }
}
