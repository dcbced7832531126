package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a guest has written to its own disk, one synced record a second, as the image has it
 * (e2e/guest/witness.sh). A writer that goes on while the next one has begun shows as records that
 * the next one did not see; two that write the same show as a number that was taken; a lost write
 * as one that is missing.
 */
record Witness(String machine, List<Entry> records) {
  private static final int SECTORS = 2048;

  /** Numbers that are left out after the last record of another boot, and where one is taken. */
  static final int FREE = 256;

  /**
   * One write.
   *
   * @param boot id that the kernel made up at that boot
   */
  record Entry(long seq, String boot) {}

  static Witness of(Guest guest) {
    return of(guest.name(), World.lines(Lab.run("witness", guest.name(), "-n", guest.tenant())));
  }

  /**
   * In the order of their numbers; without what the free sectors still have of an earlier round.
   */
  static Witness of(String machine, Stream<String> lines) {
    List<Entry> found =
        lines
            .map(line -> line.split(" "))
            .map(words -> new Entry(Long.parseLong(words[0]), words[1]))
            .toList();
    assertThat(found).as("records of %s's disk", machine).isNotEmpty();
    long last = found.getLast().seq();
    return new Witness(
        machine, found.stream().filter(entry -> entry.seq() > last - SECTORS).toList());
  }

  /** Each boot's records follow one another, and the next boot has seen the last of them. */
  void mustHaveOneWriter() {
    assertThat(
            IntStream.range(1, records.size())
                .filter(i -> !follows(records.get(i - 1), records.get(i)))
                .mapToObj(i -> records.subList(i - 1, i + 1)))
        .as("records of %s's disk that do not follow each other", machine)
        .isEmpty();
  }

  /** What the guest said it had written, unless it had not begun. */
  void mustHave(long seq) {
    if (seq > 0) {
      assertThat(records).as("records of %s's disk", machine).extracting(Entry::seq).contains(seq);
    }
  }

  private static boolean follows(Entry before, Entry entry) {
    boolean isSameBoot = entry.boot().equals(before.boot());
    return entry.seq() == before.seq() + 1 + (isSameBoot ? 0 : FREE);
  }
}
