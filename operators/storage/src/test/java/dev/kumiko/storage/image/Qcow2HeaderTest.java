package dev.kumiko.storage.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.reconcile.Rejection;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Qcow2HeaderTest {
  private static final long LIMIT = 1L << 40;

  @Test
  void anOrdinaryFileIsAccepted() {
    Qcow2Header header = Qcow2Header.parse(new Qcow2Bytes().buffer());
    assertThat(header.virtualBytes()).isEqualTo(64 << 20);
    assertThatCode(() -> header.check(LIMIT)).doesNotThrowAnyException();
  }

  @Test
  void versionTwoIsAccepted() {
    Qcow2Header header = Qcow2Header.parse(new Qcow2Bytes().with(4, 2).withLong(72, 0).buffer());
    assertThatCode(() -> header.check(LIMIT)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "12, 1024, backing file",
    "16, 9, backing file",
    "32, 1, encrypted",
    "32, 2, encrypted",
    "76, 2, corrupt",
    "76, 4, external data file",
    "76, 32, unknown features 0x20",
    "72, 1, unknown features 0x100000000",
    "20, 8, cluster size",
    "20, 40, cluster size",
    "36, -1, tables are too large",
    "104, 1145132097, external data file",
    "0, 1263225673, not qcow2",
    "4, 1, version 1",
    "4, 4, version 4",
    "100, 65535, have no end",
  })
  void whatIsHostileOrUnusableIsRefusedWithTheReason(int offset, int value, String why) {
    ByteBuffer bytes = new Qcow2Bytes().with(offset, value).buffer();
    assertThatThrownBy(() -> Qcow2Header.parse(bytes).check(LIMIT))
        .isInstanceOfSatisfying(
            Rejection.class, e -> assertThat(e.reason()).isEqualTo("ImageRefused"))
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "1099511627777", "9223372036854775807"})
  void anAbsurdSizeIsRefused(long size) {
    ByteBuffer bytes = new Qcow2Bytes().withLong(24, size).buffer();
    assertThatThrownBy(() -> Qcow2Header.parse(bytes).check(LIMIT))
        .isInstanceOfSatisfying(
            Rejection.class, e -> assertThat(e.reason()).isEqualTo("ImageTooLarge"));
  }

  @Test
  void aFileThatIsCutOffIsRefused() {
    ByteBuffer cut = new Qcow2Bytes().buffer().limit(90);
    assertThatThrownBy(() -> Qcow2Header.parse(cut)).hasMessageContaining("cut off");
    ByteBuffer empty = ByteBuffer.allocate(0);
    assertThatThrownBy(() -> Qcow2Header.parse(empty)).hasMessageContaining("not qcow2");
  }
}
