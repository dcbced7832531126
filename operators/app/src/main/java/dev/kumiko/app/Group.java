package dev.kumiko.app;

import java.util.Arrays;
import java.util.Locale;

/** Kinds that run together, in one Deployment, because they need the same credentials. */
enum Group {
  TENANCY,
  NETWORK,
  STORAGE,
  COMPUTE;

  /**
   * @throws IllegalArgumentException for a name that is none of them
   */
  static Group named(String name) {
    return Arrays.stream(values())
        .filter(g -> g.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'" + name + "' is none of tenancy, network, storage, compute"));
  }
}
