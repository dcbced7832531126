package dev.kumiko.storage.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BinarySizeTest {
  @ParameterizedTest
  @CsvSource({
    "3Ki, 3072, 3Ki",
    "20Gi, 21474836480, 20Gi",
    "2048Mi, 2147483648, 2Gi",
    "5Ti, 5497558138880, 5Ti",
    "1536Mi, 1610612736, 1536Mi"
  })
  void isReadAndWrittenWithTheLargestExactUnit(String text, long bytes, String written) {
    assertThat(BinarySize.parse(text).bytes()).isEqualTo(bytes);
    assertThat(new BinarySize(bytes)).hasToString(written);
  }

  @Test
  void oddNumbersStayBytes() {
    assertThat(new BinarySize(70656L * 1024 + 512)).hasToString("72352256");
    assertThat(new BinarySize(1610612736).rounded()).isEqualTo("1.5Gi");
    assertThat(new BinarySize(12).rounded()).isEqualTo("12");
  }

  @ParameterizedTest
  @ValueSource(strings = {"20", "20GB", "xGi", "9999999999Ti"})
  void otherFormsAreRefused(String text) {
    assertThatThrownBy(() -> BinarySize.parse(text)).hasMessageContaining("size " + text);
  }
}
