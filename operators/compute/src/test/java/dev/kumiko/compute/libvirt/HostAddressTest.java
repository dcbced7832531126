package dev.kumiko.compute.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HostAddressTest {
  @Test
  void theFolderOfCertificatesIsAParameterOfTheUri() {
    assertThat(address("qemu+tls://10.0.0.1/system", "/run/pki-h1").connectUri())
        .isEqualTo("qemu+tls://10.0.0.1/system?pkipath=/run/pki-h1");
    assertThat(address("qemu+tls://10.0.0.1/system?no_tty=1", "/p").connectUri())
        .isEqualTo("qemu+tls://10.0.0.1/system?no_tty=1&pkipath=/p");
  }

  @Test
  void tcpAndTlsHaveTheirOwnDefaultPorts() {
    assertThat(address("qemu+tls://10.0.0.1/system", "/p").socket())
        .contains(new InetSocketAddress("10.0.0.1", 16514));
    assertThat(address("qemu+tcp://10.0.0.2/system", "/p").socket())
        .contains(new InetSocketAddress("10.0.0.2", 16509));
    assertThat(address("qemu+tls://10.0.0.3:17000/system", "/p").socket())
        .contains(new InetSocketAddress("10.0.0.3", 17000));
  }

  @Test
  void aLocalConnectionHasNoPort() {
    assertThat(address("qemu+unix:///system?socket=/run/x", "/p").socket()).isEmpty();
    assertThat(address("test:///default", "/p").socket()).isEmpty();
  }

  private static HostAddress address(String uri, String pki) {
    return new HostAddress("h", URI.create(uri), Optional.of(Path.of(pki)));
  }
}
