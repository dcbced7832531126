package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ready means ready: from the moment a machine says so, its address answers. */
@Order(70)
@ExtendWith(Evidence.class)
final class ReadyIT {
  private static final int MACHINES = 20;
  private static final int TOGETHER = 4;
  private static final int TRIES = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private final Cloud cloud = new Cloud();

  @AfterEach
  void remove() {
    cloud.tryKubectl("", "-n", "acme", "delete", "vm", "-l", "story=ready", "--timeout=120s");
    cloud.close();
  }

  @Test
  void oneHundredAnswersFromTwentyMachinesOnceTheyAreReady() throws InterruptedException {
    String neighbour = Quickstart.guest(Quickstart.ready(cloud), "web-1").neighbour();
    List<String> answers = new ArrayList<>();
    for (int batch = 0; batch < MACHINES / TOGETHER; batch++) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < TOGETHER; i++) {
        names.add("ready-" + (TOGETHER * batch + i));
        cloud.kubectl(machine(names.getLast()), "apply", "-f", "-");
      }
      answers.addAll(answers(names, neighbour));
      cloud.kubectl("", "-n", "acme", "delete", "vm", "-l", "story=ready", "--timeout=120s");
    }
    assertThat(answers).hasSize(MACHINES * TRIES).allMatch(a -> a.endsWith("answers"));
  }

  /** Each machine is watched by itself and asked the moment that it says Ready. */
  private List<String> answers(List<String> names, String neighbour) throws InterruptedException {
    try (ExecutorService watchers = Executors.newFixedThreadPool(TOGETHER)) {
      return watchers
          .invokeAll(
              names.stream()
                  .<Callable<List<String>>>map(name -> () -> answersOf(name, neighbour))
                  .toList())
          .stream()
          .map(Future::resultNow)
          .flatMap(List::stream)
          .toList();
    }
  }

  private List<String> answersOf(String name, String neighbour) {
    Guest guest = new Guest(cloud.watchUntilReady("acme", name, PATIENCE), neighbour);
    return IntStream.range(0, TRIES)
        .mapToObj(t ->
            name
                + " on "
                + guest.address()
                + ", try "
                + t
                + ": "
                + (guest.answersPing() ? "answers" : "is lost"))
        .toList();
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
