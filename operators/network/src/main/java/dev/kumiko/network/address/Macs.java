package dev.kumiko.network.address;

import java.util.Locale;
import java.util.UUID;

/**
 * Generated MACs, locally administered: a guest's follows from its address, a router's from its
 * Network.
 */
public final class Macs {
  /** Guests' MACs begin with this; a fixed MAC must not. */
  public static final String GENERATED = "02:6b:";

  private Macs() {}

  /** Unique wherever the address is. */
  public static String ofGuest(long address) {
    return GENERATED
        + String.format(
            Locale.ROOT,
            "%02x:%02x:%02x:%02x",
            (address >> 24) & 0xff,
            (address >> 16) & 0xff,
            (address >> 8) & 0xff,
            address & 0xff);
  }

  /** 40 bits of the Network's UID. */
  public static String ofRouter(String networkUid) {
    long bits =
        UUID.nameUUIDFromBytes(networkUid.getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .getLeastSignificantBits();
    return String.format(
        Locale.ROOT,
        "06:%02x:%02x:%02x:%02x:%02x",
        (bits >> 32) & 0xff,
        (bits >> 24) & 0xff,
        (bits >> 16) & 0xff,
        (bits >> 8) & 0xff,
        bits & 0xff);
  }
}
