package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Rejection;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What the content of a source must hash to, written {@code sha256:HEX} or {@code sha512:HEX}. */
record Checksum(Algorithm algorithm, String hex) {

  /** The accepted hash functions. */
  enum Algorithm {
    SHA256("SHA-256", 64),
    SHA512("SHA-512", 128);

    private final String javaName;
    private final int digits;

    Algorithm(String javaName, int digits) {
      this.javaName = javaName;
      this.digits = digits;
    }
  }

  static Checksum parse(String text) {
    for (Algorithm algorithm : Algorithm.values()) {
      String prefix = algorithm.javaName.replace("-", "").toLowerCase(java.util.Locale.ROOT) + ":";
      if (text.startsWith(prefix)) {
        String hex = text.substring(prefix.length());
        if (hex.matches("[0-9a-f]{" + algorithm.digits + "}")) {
          return new Checksum(algorithm, hex);
        }
      }
    }
    throw new Rejection(
        "InvalidChecksum", "source.checksum must be sha256:HEX or sha512:HEX in lower case");
  }

  MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance(algorithm.javaName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm.javaName, e);
    }
  }

  /** Ends the digest; refuses content that hashes to something else. */
  void verify(MessageDigest digest) {
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(hex)) {
      throw new Rejection(
          "ChecksumMismatch",
          "the content at source.url has checksum %s, not %s: correct source.checksum if the content is right"
              .formatted(found, hex));
    }
  }
}
