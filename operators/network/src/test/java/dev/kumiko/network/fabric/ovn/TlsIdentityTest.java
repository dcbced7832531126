package dev.kumiko.network.fabric.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TlsIdentityTest {
  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void readsKeysInPkcs8(String algorithm) throws GeneralSecurityException {
    PrivateKey key = KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();

    assertThat(TlsIdentity.privateKey(pem("PRIVATE KEY", key.getEncoded()))).isEqualTo(key);
  }

  @Test
  void readsRsaKeysInPkcs1() throws GeneralSecurityException {
    PrivateKey key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
    byte[] pkcs8 = key.getEncoded();
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);

    assertThat(TlsIdentity.privateKey(pem("RSA PRIVATE KEY", pkcs1))).isEqualTo(key);
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> TlsIdentity.privateKey("nothing"))
        .hasMessageContaining("BEGIN PRIVATE KEY");
    assertThatThrownBy(() -> new TlsIdentity("", "", "").context())
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new TlsIdentity("ca", "certificate", "key")).hasToString("TlsIdentity[hidden]");
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder().encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
