package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The operator is killed at random moments: it converges each time, nothing leaks, no guest boots
 * twice.
 */
@Order(80)
@ExtendWith(Evidence.class)
final class CrashIT {
  private static final int KILLS = 25;
  private static final int KILLS_IN_A_ROW = 7;
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private final Cloud cloud = new Cloud();

  @AfterEach
  void close() {
    Lab.run("operators", "start");
    cloud.close();
  }

  @Test
  void twentyFiveKillsDuringCreationAndDeletion() throws InterruptedException {
    long seed = Long.getLong("kumiko.seed", System.nanoTime());
    Random random = new Random(seed);
    cloud.delete(Quickstart.MANIFESTS, PATIENCE);
    int kills = 0;
    while (kills < KILLS) {
      cloud.apply(Quickstart.MANIFESTS);
      kills += killWhile(random, KILLS_IN_A_ROW, () -> !Quickstart.isReady(cloud));
      List<Guest> guests =
          cloud.untilAllReady(VirtualMachine.class, Quickstart.MACHINES, PATIENCE).stream()
              .map(Guest::new)
              .toList();
      assertThat(guests)
          .as("seed %d", seed)
          .allSatisfy(g -> assertThat(g.boots()).as("boots of %s", g.name()).isEqualTo(1));

      cloud.kubectl(
          Lab.run("render", Quickstart.MANIFESTS.toString()), "delete", "--wait=false", "-f", "-");
      kills += killWhile(random, KILLS_IN_A_ROW, () -> !cloud.ofTenants().isEmpty());
      cloud.delete(Quickstart.MANIFESTS, PATIENCE);
      Cloud.await(
          Duration.ofSeconds(30),
          () -> "left behind (seed " + seed + "): " + World.observe(),
          () -> World.observe().isEmpty() && cloud.ofTenants().isEmpty());
    }
  }

  /** How many times the operators were killed while there was still something to do. */
  private static int killWhile(Random random, int most, BooleanSupplier atWork)
      throws InterruptedException {
    int kills = 0;
    while (kills < most) {
      Thread.sleep(random.nextInt(3000));
      if (!atWork.getAsBoolean()) {
        return kills;
      }
      Lab.run("operators", "kill");
      kills++;
      Lab.run("operators", "start");
    }
    return kills;
  }
}
