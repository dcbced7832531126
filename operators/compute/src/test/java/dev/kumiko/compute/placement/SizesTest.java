package dev.kumiko.compute.placement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SizesTest {
  @ParameterizedTest
  @CsvSource({"1Ki, 1", "96Mi, 98304", "4Gi, 4194304", "1Ti, 1073741824", "1536Mi, 1572864"})
  void sizesAreReadInKibibytes(String text, long kibibytes) {
    assertThat(Sizes.kibibytes(text)).isEqualTo(kibibytes);
  }

  @ParameterizedTest
  @CsvSource({"1, 1Ki", "98304, 96Mi", "4194304, 4Gi", "1572864, 1536Mi", "0, 0", "1025, 1025Ki"})
  void sizesAreWrittenWithTheLargestUnitThatLeavesNoRest(long kibibytes, String text) {
    assertThat(Sizes.text(kibibytes)).isEqualTo(text);
  }
}
