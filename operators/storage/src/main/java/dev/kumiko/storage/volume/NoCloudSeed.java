package dev.kumiko.storage.volume;

import dev.kumiko.reconcile.Rejection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The disk from which cloud-init configures a guest at its first boot.
 *
 * <p>Source: cloud-init's NoCloud data source: a filesystem labelled {@code cidata} with the files
 * {@code user-data}, {@code meta-data} and, optionally, {@code network-config}.
 *
 * @param files by name; contains secrets
 */
record NoCloudSeed(Map<String, String> files) {
  private static final List<String> REQUIRED = List.of("user-data", "meta-data");
  private static final List<String> OPTIONAL = List.of("network-config", "vendor-data");
  private static final int MAXIMUM_BYTES = 1 << 20;
  private static final int GRAIN = 4096;

  NoCloudSeed {
    files = Map.copyOf(files);
  }

  /** Refuses a Secret that lacks a required key; other keys are left out. */
  static NoCloudSeed of(String secretName, Map<String, String> secret) {
    for (String name : REQUIRED) {
      if (!secret.containsKey(name)) {
        throw new Rejection(
            "InvalidCloudInit",
            "Secret %s lacks the key %s: add it, it may be empty".formatted(secretName, name));
      }
    }
    int bytes =
        secret.values().stream().mapToInt(v -> v.getBytes(StandardCharsets.UTF_8).length).sum();
    if (bytes > MAXIMUM_BYTES) {
      throw new Rejection(
          "InvalidCloudInit", "Secret %s is larger than 1 MiB".formatted(secretName));
    }
    return new NoCloudSeed(secret);
  }

  /** A whole number of pages, as block devices like it. */
  byte[] bytes() {
    List<String> names = new ArrayList<>(REQUIRED);
    names.addAll(OPTIONAL);
    List<IsoVolume.File> present =
        names.stream()
            .sorted()
            .flatMap(name ->
                Optional.ofNullable(files.get(name))
                    .map(content -> new IsoVolume.File(name, content))
                    .stream())
            .toList();
    byte[] image = new IsoVolume("cidata", present).bytes();
    return Arrays.copyOf(image, (image.length + GRAIN - 1) / GRAIN * GRAIN);
  }

  /** Tells whether an existing seed was made from the same content, without showing it. */
  String digest() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "seed with " + files.keySet().stream().sorted().toList();
  }
}
