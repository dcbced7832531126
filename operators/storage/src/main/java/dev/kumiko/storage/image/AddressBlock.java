package dev.kumiko.storage.image;

import java.net.InetAddress;
import java.util.Arrays;

/** All addresses that share their first bits. */
record AddressBlock(InetAddress prefix, int bits) {

  /**
   * One address, or a block as in {@code 192.0.2.0/24}.
   *
   * @throws IllegalArgumentException for anything else
   */
  static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    InetAddress prefix = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
    int most = prefix.getAddress().length * Byte.SIZE;
    int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
    if (bits < 0 || bits > most) {
      throw new IllegalArgumentException(text + " has more than " + most + " bits");
    }
    return new AddressBlock(prefix, bits);
  }

  boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    byte[] start = prefix.getAddress();
    if (bytes.length != start.length) {
      return false;
    }
    int whole = bits / Byte.SIZE;
    if (!Arrays.equals(bytes, 0, whole, start, 0, whole)) {
      return false;
    }
    int rest = bits % Byte.SIZE;
    int mask = 0xff << (Byte.SIZE - rest);
    return rest == 0 || ((bytes[whole] ^ start[whole]) & mask) == 0;
  }
}
