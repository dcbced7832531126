package dev.kumiko.storage.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.reconcile.Rejection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Digests of "abc" from FIPS 180-4's examples. */
final class ChecksumTest {
  private static final String SHA256 =
      "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String SHA512 =
      "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
          + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

  @ParameterizedTest
  @ValueSource(strings = {SHA256, SHA512})
  void theRightContentIsVerified(String text) {
    Checksum checksum = Checksum.parse(text);
    assertThatCode(() -> checksum.verify(digest(checksum, "abc"))).doesNotThrowAnyException();
  }

  @Test
  void otherContentIsRefusedAndItsChecksumShown() {
    Checksum checksum = Checksum.parse(SHA256);
    assertThatThrownBy(() -> checksum.verify(digest(checksum, "abd")))
        .isInstanceOfSatisfying(
            Rejection.class, e -> assertThat(e.reason()).isEqualTo("ChecksumMismatch"))
        .hasMessageContaining("a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"md5:00", "sha256:xyz", "sha256:BA78", "", "ba7816bf"})
  void otherFormsAreRefused(String text) {
    assertThatThrownBy(() -> Checksum.parse(text)).hasMessageContaining("sha256:HEX");
  }

  private static MessageDigest digest(Checksum checksum, String content) {
    MessageDigest digest = checksum.newDigest();
    digest.update(content.getBytes(StandardCharsets.UTF_8));
    return digest;
  }
}
