package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One TCP connection between two guests, over which one says ten numbers a second and hears the
 * other repeat them.
 */
record Conversation(Guest speaker, Guest echo) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** The echo listens on port 7; both let {@code lab ssh} in. */
  void begin() {
    run(
        speaker,
        """
        (i=0; while usleep 100000; do i=$((i+1)); echo $i; done | nc %s 7 >/run/heard
        echo ended >>/run/heard) >/dev/null 2>&1 </dev/null &
        """
            .formatted(echo.address()));
  }

  /** From now on the echo writes so much of its memory again and again, as fast as it can. */
  void storm(int mebibytes) {
    run(
        echo,
        """
        (while :; do for i in $(seq %d); do head -c 1048576 /bin/busybox; done 1<>/run/storm; done
        ) >/dev/null 2>&1 </dev/null & echo $! >/run/storm.pid
        """
            .formatted(mebibytes));
  }

  void calm() {
    run(echo, "kill $(cat /run/storm.pid)");
  }

  /** Over the very connection that was begun: every number, in order, and further ones. */
  void mustGoOn() {
    int before = heard().size();
    Cloud.await(PATIENCE, () -> "nothing new is heard", () -> heard().size() > before + 5);
    List<String> heard = heard();
    assertThat(heard)
        .as("what the other guest repeated")
        .isEqualTo(IntStream.rangeClosed(1, heard.size()).mapToObj(Integer::toString).toList());
  }

  /** Whole lines only. */
  private List<String> heard() {
    String heard = speaker.ssh("cat /run/heard").output();
    return heard.substring(0, heard.lastIndexOf('\n') + 1).lines().toList();
  }

  private static void run(Guest guest, String command) {
    Shell.Answer answer = guest.ssh(command);
    assertThat(answer.exit()).as(answer.output()).isZero();
  }
}
