package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a disk tells of who wrote to it. */
final class WitnessTest {
  private static final long NEXT = 5 + Witness.FREE + 1;

  @Test
  void oneBootAfterTheOtherIsOneWriter() {
    Witness witness = witness(records("a", 1, 5), records("b", NEXT, NEXT + 4));
    assertThatCode(witness::mustHaveOneWriter).doesNotThrowAnyException();
  }

  @Test
  void aBootThatGoesOnWhileTheNextOneWritesIsASecondWriter() {
    Witness witness = witness(records("a", 1, 7), records("b", NEXT, NEXT + 4));
    assertThatThrownBy(witness::mustHaveOneWriter)
        .hasMessageContaining("seq=7")
        .hasMessageContaining("boot=b");
  }

  @Test
  void whatTheNextBootSawIsNotToBeLost() {
    Witness witness = witness(records("a", 1, 4), records("b", NEXT, NEXT + 4));
    assertThatThrownBy(witness::mustHaveOneWriter).hasMessageContaining("seq=4");
  }

  @Test
  void noRecordOfABootIsToBeMissing() {
    Witness witness = witness(records("a", 1, 5), records("a", 7, 9));
    assertThatThrownBy(witness::mustHaveOneWriter).hasMessageContaining("seq=7");
    assertThatThrownBy(() -> witness.mustHave(6)).hasMessageContaining("6");
    assertThatCode(() -> witness.mustHave(7)).doesNotThrowAnyException();
  }

  /** 2320 is written where 272 was. */
  @Test
  void whatFreeSectorsHaveOfAnEarlierRoundIsNoWriter() {
    Witness witness =
        witness(records("a", 100, 120), records("b", 2030, 2060), records("c", 2317, 2320));
    assertThatCode(witness::mustHaveOneWriter).doesNotThrowAnyException();
  }

  /** In the order of their numbers, as the lab gives them. */
  private static Witness witness(String... boots) {
    return Witness.of("web", Arrays.stream(boots).flatMap(String::lines));
  }

  private static String records(String boot, long from, long to) {
    return LongStream.rangeClosed(from, to)
        .mapToObj(seq -> seq + " " + boot + " web 1.0")
        .collect(Collectors.joining("\n"));
  }
}
