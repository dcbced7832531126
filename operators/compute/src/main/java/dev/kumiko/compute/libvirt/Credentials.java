package dev.kumiko.compute.libvirt;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A client certificate for libvirt's TLS, in PEM; never printed. */
public final class Credentials {
  private final String authority;
  private final String certificate;
  private final String key;

  public Credentials(String authority, String certificate, String key) {
    this.authority = authority;
    this.certificate = certificate;
    this.key = key;
  }

  String authority() {
    return authority;
  }

  String certificate() {
    return certificate;
  }

  String key() {
    return key;
  }

  /** Tells two apart without telling them. */
  public String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : List.of(authority, certificate, key)) {
        digest.update(digest.digest(part.getBytes(StandardCharsets.UTF_8)));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "Credentials[…]";
  }
}
