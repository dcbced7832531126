package dev.kumiko.compute.libvirt;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** A Ceph key for QEMU, under the usage name that disks refer to; never printed. */
public final class CephSecret {
  private final String usage;
  private final byte[] key;

  /**
   * @param usage letters, digits, dots, dashes: libvirt's schema allows no more
   * @param base64Key the key as Ceph prints it
   */
  public CephSecret(String usage, String base64Key) {
    this.usage = usage;
    this.key = Base64.getDecoder().decode(base64Key.strip());
  }

  public String usage() {
    return usage;
  }

  byte[] key() {
    return key.clone();
  }

  /** Tells two keys apart without telling the key. */
  public String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(usage.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(key), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "CephSecret[" + usage + "]";
  }
}
