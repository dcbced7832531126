package dev.kumiko.storage.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressScopeTest {
  @ParameterizedTest
  @CsvSource({
    "1.1.1.1, PUBLIC",
    "172.15.255.255, PUBLIC",
    "172.16.0.1, PRIVATE",
    "172.31.255.255, PRIVATE",
    "172.32.0.0, PUBLIC",
    "10.77.0.1, PRIVATE",
    "192.168.3.4, PRIVATE",
    "100.64.0.1, PRIVATE",
    "100.128.0.1, PUBLIC",
    "127.0.0.1, LOCAL",
    "127.9.9.9, LOCAL",
    "0.0.0.0, LOCAL",
    "169.254.169.254, LOCAL",
    "224.0.0.251, INVALID",
    "255.255.255.255, INVALID",
    "203.0.113.9, INVALID",
    "::1, LOCAL",
    "::, LOCAL",
    "fe80::1, LOCAL",
    "fd12::1, PRIVATE",
    "2606:4700::1111, PUBLIC",
    "2001:db8::1, INVALID",
    "ff02::1, INVALID",
    "64:ff9b::7f00:1, LOCAL",
    "64:ff9b::101:101, PUBLIC",
    "2002:0a4d:0001::1, PRIVATE",
    "::ffff:127.0.0.1, LOCAL",
  })
  void anAddressReachesAsFarAsItsBlock(String address, AddressScope scope) {
    assertThat(AddressScope.of(InetAddress.ofLiteral(address))).isEqualTo(scope);
  }
}
