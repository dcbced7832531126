package dev.kumiko.network.fabric.ovn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Who we are towards the fabric's controller, and whom we believe.
 *
 * @param authorities PEM: certificates of the authorities that sign the controller's certificate
 * @param certificate PEM: our certificate, with the chain behind it
 * @param key PEM: our private key, PKCS#8 (RSA or EC) or PKCS#1 (RSA)
 */
public record TlsIdentity(String authorities, String certificate, String key) {

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN (RSA |)PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END");

  /** DER of a PKCS#8 envelope's version and algorithm: 0, rsaEncryption (RFC 8017, A.1). */
  private static final byte[] RSA_ENVELOPE = {
    0x02,
    0x01,
    0x00,
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };

  SSLContext context() {
    char[] none = new char[0];
    try {
      KeyStore ours = KeyStore.getInstance("PKCS12");
      ours.load(null, none);
      ours.setKeyEntry(
          "us", privateKey(key), none, certificates(certificate).toArray(Certificate[]::new));
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(ours, none);
      KeyStore theirs = KeyStore.getInstance("PKCS12");
      theirs.load(null, none);
      int number = 0;
      for (Certificate authority : certificates(authorities)) {
        theirs.setCertificateEntry("authority-" + number++, authority);
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(theirs);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "ca.crt, tls.crt and tls.key do not make a TLS identity: " + e.getMessage(), e);
    }
  }

  private static Collection<? extends Certificate> certificates(String pem)
      throws GeneralSecurityException {
    Collection<? extends Certificate> found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
    if (found.isEmpty()) {
      throw new GeneralSecurityException("there is no certificate in the PEM text");
    }
    return found;
  }

  static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    Matcher block = KEY.matcher(pem);
    if (!block.find()) {
      throw new GeneralSecurityException(
          "there is no 'BEGIN PRIVATE KEY' or 'BEGIN RSA PRIVATE KEY' in the PEM text");
    }
    byte[] der = Base64.getMimeDecoder().decode(block.group(2));
    byte[] pkcs8 = block.group(1).isEmpty() ? der : enveloped(der);
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
    try {
      return KeyFactory.getInstance("RSA").generatePrivate(spec);
    } catch (InvalidKeySpecException notRsa) {
      return KeyFactory.getInstance("EC").generatePrivate(spec);
    }
  }

  private static byte[] enveloped(byte[] pkcs1) {
    byte[] octets = tagged((byte) 0x04, pkcs1);
    return tagged(
        (byte) 0x30,
        ByteBuffer.allocate(RSA_ENVELOPE.length + octets.length)
            .put(RSA_ENVELOPE)
            .put(octets)
            .array());
  }

  private static byte[] tagged(byte tag, byte[] content) {
    return ByteBuffer.allocate(4 + content.length)
        .put(tag)
        .put((byte) 0x82)
        .putShort((short) content.length)
        .put(content)
        .array();
  }

  @Override
  public String toString() {
    return "TlsIdentity[hidden]";
  }
}
