package dev.kumiko.app.simulator;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Whatever befalls, the invariants hold, and when all is healed all is as it was. {@code
 * -Dsimulator.seed=N} runs one schedule, {@code -Dsimulator.seeds=N} another number of them.
 */
final class RandomFaultsTest {
  private static final long SEEDS = 1000;

  @Test
  void noScheduleOfFaultsBreaksAnInvariant() {
    long one = Long.getLong("simulator.seed", -1);
    LongStream seeds =
        one < 0 ? LongStream.range(0, Long.getLong("simulator.seeds", SEEDS)) : LongStream.of(one);
    seeds.forEach(RandomFaultsTest::run);
  }

  private static void run(long seed) {
    RandomFaults faults = new RandomFaults(seed);
    try {
      faults.run();
    } catch (Broken | RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + faults.told(), e);
    }
  }
}
