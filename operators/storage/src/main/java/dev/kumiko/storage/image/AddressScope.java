package dev.kumiko.storage.image;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * How far an address reaches.
 *
 * <p>Source: IANA's IPv4 and IPv6 special-purpose address registries (RFC 6890).
 */
enum AddressScope {
  /** Reachable from everywhere. */
  PUBLIC,
  /** Inside an organization: RFC 1918, RFC 6598, unique local. */
  PRIVATE,
  /** This machine or this link. */
  LOCAL,
  /** Never the address of a server. */
  INVALID;

  /** The first block that has an address counts. */
  private record Block(AddressBlock addresses, AddressScope scope) {
    static Block of(String address, int bits, AddressScope scope) {
      return new Block(new AddressBlock(InetAddress.ofLiteral(address), bits), scope);
    }
  }

  private static final List<Block> BLOCKS =
      List.of(
          Block.of("0.0.0.0", 8, LOCAL),
          Block.of("127.0.0.0", 8, LOCAL),
          Block.of("169.254.0.0", 16, LOCAL),
          Block.of("10.0.0.0", 8, PRIVATE),
          Block.of("100.64.0.0", 10, PRIVATE),
          Block.of("172.16.0.0", 12, PRIVATE),
          Block.of("192.168.0.0", 16, PRIVATE),
          Block.of("192.0.0.0", 24, PRIVATE),
          Block.of("198.18.0.0", 15, PRIVATE),
          Block.of("192.0.2.0", 24, INVALID),
          Block.of("198.51.100.0", 24, INVALID),
          Block.of("203.0.113.0", 24, INVALID),
          Block.of("192.88.99.0", 24, INVALID),
          Block.of("224.0.0.0", 4, INVALID),
          Block.of("240.0.0.0", 4, INVALID),
          Block.of("::", 127, LOCAL),
          Block.of("fe80::", 10, LOCAL),
          Block.of("fc00::", 7, PRIVATE),
          Block.of("fec0::", 10, PRIVATE),
          Block.of("2000::", 3, PUBLIC));

  /** IPv6 addresses that carry an IPv4 address are judged by what they carry. */
  static AddressScope of(InetAddress address) {
    InetAddress target = target(address);
    byte[] bytes = target.getAddress();
    boolean isIpv4 = target instanceof Inet4Address;
    if (!isIpv4
        && (startsWith(bytes, 0x20, 0x01, 0x00, 0x00)
            || startsWith(bytes, 0x20, 0x01, 0x0d, 0xb8))) {
      return INVALID;
    }
    return BLOCKS.stream()
        .filter(block -> block.addresses().contains(target))
        .findFirst()
        .map(Block::scope)
        .orElse(isIpv4 ? PUBLIC : INVALID);
  }

  /**
   * Where packets to the address end: the IPv4 address that an IPv6 address carries (NAT64, 6to4).
   */
  static InetAddress target(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return address;
    }
    if (startsWith(bytes, 0x00, 0x64, 0xff, 0x9b)) {
      return ipv4(bytes, 12);
    }
    return startsWith(bytes, 0x20, 0x02) ? ipv4(bytes, 2) : address;
  }

  private static boolean startsWith(byte[] address, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if ((address[i] & 0xff) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static InetAddress ipv4(byte[] address, int at) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address, at, at + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
