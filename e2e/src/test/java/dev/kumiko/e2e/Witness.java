package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a guest has written to its own disk, one synced record a second, as the image has it. A
 * second writer shows as a boot that goes on after the next has begun; a lost write as a gap.
 */
record Witness(String machine, List<Entry> records) {
  /**
   * One write.
   *
   * @param boot id that the kernel made up at that boot
   */
  record Entry(long seq, String boot) {}

  static Witness of(Guest guest) {
    return new Witness(
        guest.name(),
        World.lines(Lab.run("witness", guest.name(), "-n", guest.tenant()))
            .map(line -> line.split(" "))
            .map(words -> new Entry(Long.parseLong(words[0]), words[1]))
            .toList());
  }

  long last() {
    return records.getLast().seq();
  }

  private long boots() {
    return records.stream().map(Entry::boot).distinct().count();
  }

  /** Each boot's records follow one another, and none is missing. */
  void mustHaveOneWriter() {
    long turns =
        1
            + IntStream.range(1, records.size())
                .filter(i -> !records.get(i).boot().equals(records.get(i - 1).boot()))
                .count();
    assertThat(turns)
        .as("turns of the writers of %s's disk, which had so many boots", machine)
        .isEqualTo(boots());
    assertThat(records.getLast().seq() - records.getFirst().seq())
        .as("records of %s's disk without a gap", machine)
        .isEqualTo(records.size() - 1);
  }
}
