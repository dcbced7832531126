package dev.kumiko.network.address;

import com.google.common.net.InetAddresses;
import java.net.Inet4Address;

/**
 * An IPv4 prefix.
 *
 * @param first its first address as a number
 * @param length in bits, 0 to 32
 */
public record Prefix(long first, int length) {

  /**
   * Reads CIDR notation; host bits are dropped.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Prefix of(String cidr) {
    int slash = cidr.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("'" + cidr + "' is not a prefix such as 10.1.1.0/24");
    }
    int length = Integer.parseInt(cidr.substring(slash + 1));
    long mask = length == 0 ? 0 : (0xFFFFFFFFL << (32 - length)) & 0xFFFFFFFFL;
    return new Prefix(number(cidr.substring(0, slash)) & mask, length);
  }

  /** An address as a number. */
  public static long number(String address) {
    if (InetAddresses.forString(address) instanceof Inet4Address four) {
      return Integer.toUnsignedLong(InetAddresses.coerceToInteger(four));
    }
    throw new IllegalArgumentException("'" + address + "' is not an IPv4 address");
  }

  /** A number as an address. */
  public static String text(long number) {
    return InetAddresses.toAddrString(InetAddresses.fromInteger((int) number));
  }

  /** The last address as a number. */
  public long last() {
    return first + (1L << (32 - length)) - 1;
  }

  public boolean contains(long address) {
    return first <= address && address <= last();
  }

  public boolean overlaps(Prefix other) {
    return first <= other.last() && other.first <= last();
  }

  @Override
  public String toString() {
    return text(first) + "/" + length;
  }
}
